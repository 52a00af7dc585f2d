using System.Globalization;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Studies;

/// <summary>Holds findings against what only the whole study knows: how good its teachers are, and how many seeds it has.</summary>
internal static class StudyEvidence
{
    /// <summary>Teachers whose test accuracies differ by more than this are no equal comparison.</summary>
    public const double EqualAccuracy = 0.02;

    // Accuracies are means of 0 and 1 in floating point: two points apart is not more than two points apart.
    private const double Rounding = 1e-9;

    /// <summary>The findings, marked as preliminary where the study does not carry them; verdicts stay.</summary>
    /// <param name="findings">The findings.</param>
    /// <param name="models">The study's models with their accuracies.</param>
    /// <param name="seeds">How many seeds the study has.</param>
    public static IReadOnlyList<Finding> Weigh(IEnumerable<Finding> findings, IReadOnlyList<ModelResult> models, int seeds)
    {
        ModelResult? own = Of(RunRole.Teacher), other = Of(RunRole.OtherTeacher);
        string? all = Unequal(own?.TestAccuracy, other?.TestAccuracy, "the test images");

        // Another student as control is no better than this one because its teacher lacks what only the teacher was shown: that is the question.
        string? seen = own?.SeenAccuracy is null ? all : Unequal(own.SeenAccuracy, other?.SeenAccuracy, "the test images of the kinds that students learn from");
        return [.. findings.Select(f => WeighTeachers(WeighSeeds(f, seeds), f.OtherIsStudent ? seen : all))];

        ModelResult? Of(RunRole role) => models.FirstOrDefault(m => m.Role == role.ToName());
    }

    private static string? Unequal(double? own, double? other, string images) => own is { } a && other is { } b && !(Math.Abs(a - b) <= EqualAccuracy + Rounding)
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * a:F1} % of {images} right, the other teacher {100 * b:F1} %")
        : null;

    /// <summary>The findings, with a note where all students began with a teacher's initial weights.</summary>
    public static IReadOnlyList<Finding> NoteStart(IReadOnlyList<Finding> findings, StudyDefinition study) =>
        study.Students.Start == StudentStart.Teacher && study.Teachers is [{ } teacher, ..]
            ? [.. findings.Select(f => f with { Notes = [.. f.Notes, $"Same start: {StudyWarnings.SharedStart(teacher)}"] })]
            : findings;

    private static Finding WeighSeeds(Finding finding, int seeds) => finding.Verdict == Verdict.NotApplicable || finding.Preliminary || finding.Seeds.Count >= seeds
        ? finding
        : finding with
        {
            Preliminary = true,
            Notes = [.. finding.Notes, VerdictRules.FewerSeeds(finding.Seeds.Count, seeds)],
        };

    private static Finding WeighTeachers(Finding finding, string? accuracies) => accuracies is null || finding.OwnMinusOther is null
        ? finding
        : finding with
        {
            Preliminary = true,
            Reason = $"{finding.Reason} Control unequal: the teacher has {accuracies}.",
            Notes =
            [
                .. finding.Notes,
                $"Preliminary: the teacher has {accuracies}. Own minus other then also holds how much better one of them is: a student that is merely more accurate is closer to the more accurate one.",
            ],
        };
}
