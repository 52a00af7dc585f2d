using System.Globalization;
using DistillSharp.Inheritance;
using DistillSharp.Statistics;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;

namespace DistillSharp.Auditing;

/// <summary>Names every control of an audit: at hand or missing, and what stays open.</summary>
internal static class AuditControls
{
    // A property of one model by itself can only be compared with students of another teacher.
    private static readonly string[] ByThemselves = ["invariance", "domain-adaptation", "bias", "shape-bias"];

    public static IReadOnlyList<AuditControl> Of(AuditPlan plan)
    {
        int students = plan.Seeds.Count;
        int independent = Count(plan, RunRole.Independent);
        var controls = new List<AuditControl>
        {
            independent > 0
                ? new(AuditControl.Floor, true, Invariant($"{independent}, paired with the students by their order"), "That they had the students' data, budget and start is not seen in their weights; it is taken from you.")
                : new(AuditControl.Floor, false, "none (--independent)", "Whether students of the same network and budget that never met the teacher are as close to it. There is no floor, so there is no effect and no verdict: only levels are shown."),
            independent > 1
                ? new("null", true, Invariant($"{independent * (independent - 1) / 2} pair{(independent == 2 ? "" : "s")} of independent students"), "")
                : new("null", false, independent == 1 ? "one independent student, which makes no pair" : "none", "How far two students differ that differ in nothing but the seed: what chance gives."),
            plan.Models.Any(m => m.Role == RunRole.OtherTeacher)
                ? new("other teacher", true, "1", independent > 0 ? "" : "Without independent students its levels say nothing of this teacher: students without any teacher may be nearer to one of the two as well.")
                : new("other teacher", false, "none (--other-teacher)", "Whether students are close to this teacher or to any good one: no verdict can be 'inherited', at most 'regularised'."),
        };
        string[] asked =
        [
            .. ByThemselves.Where(name => plan.Analyses.Any(a => a.Name == name)),
            .. plan.Data.Test.Boxes.Count > 0 && plan.Analyses.Any(a => a.Name == "localization") ? ["localization (boxes)"] : Array.Empty<string>(),
        ];
        if (asked.Length > 0)
        {
            int cross = Count(plan, RunRole.CrossStudent);
            controls.Add(cross > 0
                ? new("students of the other teacher", true, Invariant($"{cross}"), "")
                : new("students of the other teacher", false, "none (--other-student)", $"In {string.Join(", ", asked)}: whether the property comes from this teacher. No verdict there can be 'inherited'{(asked.Contains("shape-bias") && plan.Models.Any(m => m.Role == RunRole.OtherTeacher) ? ", except on the measure same-cue" : "")}."));
        }

        controls.Add(new(
            "seeds",
            students >= VerdictRules.MinimumSeeds,
            Invariant($"{students} student{(students == 1 ? "" : "s")} a method"),
            students >= VerdictRules.MinimumSeeds ? ""
                : students == 1 ? $"Whether another student of the same method would show the same: intervals allow for other images only{(independent > 0 ? ", and every verdict is preliminary" : "")}."
                : independent == 0 ? "Little is known of other seeds."
                : $"Little is known of other seeds: with fewer than {VerdictRules.MinimumSeeds} every verdict is preliminary."));
        return controls;
    }

    private static int Count(AuditPlan plan, RunRole role) => plan.Models.Where(m => m.Role == role).GroupBy(m => m.Label).Select(g => g.Count()).DefaultIfEmpty(0).Max();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
