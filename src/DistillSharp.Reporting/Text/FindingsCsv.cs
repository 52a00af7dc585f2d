using DistillSharp.Reporting.Presentation;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Text;

/// <summary>One row a finding. What was not measured is empty; what was measured without a number is NaN.</summary>
internal static class FindingsCsv
{
    private static readonly (string Name, Func<Finding, Estimate?> Read)[] Estimates =
    [
        ("independent", finding => finding.Independent),
        ("null", finding => finding.Null),
        ("student", finding => finding.Student),
        ("other_teacher", finding => finding.OtherTeacher),
        ("effect", finding => finding.Effect),
        ("own_minus_other", finding => finding.OwnMinusOther),
    ];

    public static string Write(IReadOnlyList<Finding> findings)
    {
        var csv = new Csv(
        [
            "analysis", "measure", "title", "unit", "higher_is_closer", "method", "seeds", "images", "teacher",
            .. Estimates.SelectMany(estimate => Columns(estimate.Name)),
            "verdict", "preliminary", "reason", "notes", "label",
        ]);
        foreach (var finding in findings)
        {
            csv.Row(
            [
                finding.Analysis,
                finding.Measure,
                finding.Title,
                finding.Unit,
                Truth(finding.HigherIsCloser),
                finding.Method,
                string.Join(' ', finding.Seeds.Select(seed => Csv.Number(seed))),
                Csv.Number(finding.Images),
                Csv.Number(finding.Teacher),
                .. Estimates.SelectMany(estimate => Cells(estimate.Read(finding))),
                VerdictWord.Of(finding.Verdict).Key,
                Truth(finding.Preliminary),
                finding.Reason,
                string.Join('\n', finding.Notes),
                finding.Label ?? "",
            ]);
        }

        return csv.ToString();
    }

    private static string[] Columns(string name) => [$"{name}_mean", $"{name}_low", $"{name}_high", $"{name}_per_seed"];

    private static string[] Cells(Estimate? estimate) => estimate is null
        ? ["", "", "", ""]
        : [Csv.Number(estimate.Mean), Csv.Number(estimate.Low), Csv.Number(estimate.High), Csv.Numbers(estimate.PerSeed)];

    private static string Truth(bool value) => value ? "true" : "false";
}
