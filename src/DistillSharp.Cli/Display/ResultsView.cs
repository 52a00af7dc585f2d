using System.Globalization;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using Spectre.Console;

namespace DistillSharp.Cli.Display;

/// <summary>The models and findings of a study as two tables.</summary>
internal static class ResultsView
{
    public static void Write(IAnsiConsole console, StudyResults results)
    {
        console.WriteLine("Models on the test images, mean over seeds:");
        Table models = new Table().Border(TableBorder.Simple)
            .AddColumn("model").AddColumn("network").AddColumn(Right("seeds")).AddColumn(Right("accuracy")).AddColumn(Right("NLL")).AddColumn(Right("ECE"));
        foreach (IGrouping<(string Role, string Method), ModelResult> group in results.Models.GroupBy(m => (m.Role, m.Method)))
        {
            ModelResult first = group.First();
            models.AddRow(
                new Text(group.Key.Method == "none" ? group.Key.Role : group.Key.Method),
                new Text(first.Architecture),
                new Text($"{group.Count()}"),
                new Text(OfShares(group.Average(m => m.TestAccuracy))),
                new Text(group.Average(m => m.TestNll).ToString("F3", CultureInfo.InvariantCulture)),
                new Text(OfShares(group.Average(m => m.TestEce))));
        }

        console.Write(models);
        if (results.Audit is { } audit)
        {
            AuditView.Write(console, audit);
        }

        foreach (IGrouping<(string Analysis, string? Label, string Measure), Finding> group in results.Findings.GroupBy(f => (f.Analysis, f.Label, f.Measure)))
        {
            Finding first = group.First();
            console.WriteLine();
            console.WriteLine($"{first.Question}");
            string label = group.Key.Label is { } given ? $" ({given})" : "";
            console.WriteLine($"{group.Key.Analysis}{label}, {group.Key.Measure}: {first.Title}");
            console.Write(group.All(IsLevel) ? Levels(group) : Effects(group));

            // Of a missing floor the section on controls speaks; other reasons belong to one question.
            foreach (Finding finding in group.Where(f => f.Verdict == Verdict.NotApplicable && !IsLevel(f)))
            {
                console.WriteLine($"{finding.Method}: {finding.Reason}");
            }
        }
    }

    private static bool IsLevel(Finding finding) => finding.Reason.EndsWith(LevelsOnly.Missing, StringComparison.Ordinal);

    private static Table Effects(IEnumerable<Finding> group)
    {
        Table findings = new Table().Border(TableBorder.Simple)
            .AddColumn("method").AddColumn(Right("independent")).AddColumn(Right("student")).AddColumn("effect (95 %)").AddColumn("own - other (95 %)").AddColumn("verdict");
        foreach (Finding finding in group)
        {
            findings.AddRow(
                new Text(finding.Method),
                new Text(Level(finding.Independent, finding.Unit)),
                new Text(Level(finding.Student, finding.Unit)),
                new Text(Effect(finding.Effect, finding.Unit)),
                new Text(Effect(finding.OwnMinusOther, finding.Unit)),
                new Text(Word(finding), StyleOf(finding.Verdict)));
        }

        return findings;
    }

    /// <summary>Without a floor there are levels, and nothing to conclude from them.</summary>
    private static Table Levels(IEnumerable<Finding> group)
    {
        Table findings = new Table().Border(TableBorder.Simple)
            .AddColumn("method").AddColumn(Right("teacher")).AddColumn(Right("student (95 %)")).AddColumn(Right("other teacher (95 %)")).AddColumn("verdict");
        foreach (Finding finding in group)
        {
            findings.AddRow(
                new Text(finding.Method),
                new Text(finding.Teacher is { } teacher ? Level(new Estimate(teacher, teacher, teacher, []), finding.Unit) : "-"),
                new Text(WithInterval(finding.Student, finding.Unit)),
                new Text(WithInterval(finding.OtherTeacher, finding.Unit)),
                new Text("not applicable: no floor"));
        }

        return findings;
    }

    private static TableColumn Right(string title) => new TableColumn(title).RightAligned();

    private static string OfShares(double level, string unit = FindingUnit.Share) => string.Create(CultureInfo.InvariantCulture, $"{level * 100:F1} {FindingUnit.OfLevels(unit)}");

    private static string Level(Estimate? estimate, string unit) => estimate is null || double.IsNaN(estimate.Mean) ? "-"
        : FindingUnit.IsOfShares(unit) ? OfShares(estimate.Mean, unit)
        : estimate.Mean.ToString("F3", CultureInfo.InvariantCulture);

    private static string WithInterval(Estimate? level, string unit) => level is null || double.IsNaN(level.Mean) ? "-"
        : FindingUnit.IsOfShares(unit)
            ? OfShares(level.Mean, unit) + string.Create(CultureInfo.InvariantCulture, $" [{level.Low * 100:F1}, {level.High * 100:F1}]")
            : string.Create(CultureInfo.InvariantCulture, $"{level.Mean:F3} [{level.Low:F3}, {level.High:F3}]");

    /// <summary>A change with its interval, in points for shares.</summary>
    public static string Effect(Estimate? estimate, string unit) => estimate is null || double.IsNaN(estimate.Mean) ? "-"
        : FindingUnit.IsOfShares(unit)
            ? string.Create(CultureInfo.InvariantCulture, $"{estimate.Mean * 100:+0.0;-0.0;0.0} [{estimate.Low * 100:+0.0;-0.0;0.0}, {estimate.High * 100:+0.0;-0.0;0.0}]")
            : string.Create(CultureInfo.InvariantCulture, $"{estimate.Mean:+0.000;-0.000;0.000} [{estimate.Low:+0.000;-0.000;0.000}, {estimate.High:+0.000;-0.000;0.000}]");

    private static string Word(Finding finding)
    {
        string word = finding.Verdict switch
        {
            Verdict.Inherited => "inherited",
            Verdict.Regularised => "regularised",
            Verdict.NotShown => "not shown",
            Verdict.Reversed => "reversed",
            _ => "not applicable",
        };
        return finding.Preliminary ? word + " (preliminary)" : word;
    }

    private static Style StyleOf(Verdict verdict) => new(verdict switch
    {
        Verdict.Inherited => Color.Green,
        Verdict.Regularised => Color.Yellow,
        Verdict.Reversed => Color.Red,
        _ => Color.Default,
    });
}
