using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Presentation;

/// <summary>The findings of one analysis.</summary>
/// <param name="Name">The analysis' name, for people, with its label where the study gives it one.</param>
/// <param name="Anchor">Where a link leads to; unique in the report.</param>
/// <param name="Measures">Its measures, in the order of the results.</param>
/// <param name="Charts">Levels by strength, group or domain; empty where it has none.</param>
public sealed record AnalysisGroup(string Name, string Anchor, IReadOnlyList<MeasureGroup> Measures, IReadOnlyList<ChartGroup> Charts);

/// <summary>The findings of one measure: the same question, asked of every method.</summary>
/// <param name="Anchor">Where a link leads to; unique in the report.</param>
/// <param name="Title">The measure's title, with the analysis' label where the study gives it one.</param>
/// <param name="Question">The question in a sentence.</param>
/// <param name="Unit">The unit of its levels.</param>
/// <param name="HigherIsCloser">False where a lower level means closer to the teacher.</param>
/// <param name="Findings">One finding a method.</param>
public sealed record MeasureGroup(
    string Anchor,
    string Title,
    string Question,
    string Unit,
    bool HigherIsCloser,
    IReadOnlyList<Finding> Findings)
{
    /// <summary>How to read the levels and effects of this measure.</summary>
    public string Reading =>
        $"Levels in {FindingUnit.OfLevels(Unit)}; {(HigherIsCloser ? "higher" : "lower")} is closer to the teacher. "
        + $"Effects in {FindingUnit.OfChanges(Unit)}, signed so that above 0 is closer to the teacher. Brackets hold 95 % intervals.";
}

/// <summary>Groups findings for reading.</summary>
internal static class FindingGroups
{
    public static IReadOnlyList<AnalysisGroup> Of(IReadOnlyList<Finding> findings, IReadOnlyList<ResultChart> charts)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        var findingsOf = findings.ToLookup(finding => (finding.Analysis, finding.Label));
        var chartsOf = charts.ToLookup(chart => (chart.Analysis, chart.Label));
        return
        [
            .. findingsOf.Select(group => group.Key).Union(chartsOf.Select(group => group.Key)).Select(key => new AnalysisGroup(
                Labelled(Readable(key.Analysis), key.Label),
                Anchor(NameOf(key.Analysis, key.Label), anchors),
                [.. findingsOf[key].GroupBy(finding => finding.Measure, StringComparer.Ordinal).Select(measure => Measure(measure, anchors))],
                [.. chartsOf[key].Select(chart => new ChartGroup(Anchor($"chart-{NameOf(key.Analysis, key.Label)}", anchors), Labelled(chart.Title, chart.Label), chart))])),
        ];
    }

    /// <summary><c>feature-similarity</c> becomes "Feature similarity".</summary>
    public static string Readable(string name) =>
        name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..].Replace('-', ' ').Replace('_', ' ');

    /// <summary>A title with the label that the study gives to the analysis, where it gives one: several of one kind differ by it.</summary>
    public static string Labelled(string title, string? label) => label is null ? title : $"{title} ({label})";

    private static string NameOf(string analysis, string? label) => label is null ? analysis : $"{analysis}-{label}";

    private static MeasureGroup Measure(IEnumerable<Finding> findings, HashSet<string> anchors)
    {
        var list = findings.ToList();
        var first = list[0];
        return new MeasureGroup(
            Anchor($"{NameOf(first.Analysis, first.Label)}-{first.Measure}", anchors),
            Labelled(first.Title, first.Label),
            first.Question,
            first.Unit,
            first.HigherIsCloser,
            list);
    }

    private static string Anchor(string name, HashSet<string> taken)
    {
        var plain = "on-" + string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-'));
        var anchor = plain;
        for (var number = 2; !taken.Add(anchor); number++)
        {
            anchor = $"{plain}-{number}";
        }

        return anchor;
    }
}
