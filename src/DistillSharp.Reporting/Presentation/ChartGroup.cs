using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Presentation;

/// <summary>A chart of the results with its table.</summary>
/// <param name="Anchor">Where a link leads to; unique in the report.</param>
/// <param name="Title">The chart's title, with the analysis' label where the study gives it one.</param>
/// <param name="Chart">What is drawn.</param>
public sealed record ChartGroup(string Anchor, string Title, ResultChart Chart)
{
    /// <summary>How to read the levels.</summary>
    public string Reading => $"{FindingGroups.Readable(Chart.LevelTitle)}, in {FindingUnit.OfLevels(Chart.Unit)}. Brackets hold 95 % intervals.";

    /// <summary>A level with its interval in a cell: <c>83.4 % [81.0, 85.2]</c>.</summary>
    public string Level(Estimate level) => Figures.LevelInterval(level, Chart.Unit) is var interval && interval == Figures.Missing
        ? Figures.Level(level.Mean, Chart.Unit)
        : $"{Figures.Level(level.Mean, Chart.Unit)} {interval}";
}
