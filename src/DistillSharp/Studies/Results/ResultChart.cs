using System.Text.Json.Serialization;

namespace DistillSharp.Studies.Results;

/// <summary>
/// A property of several kinds of models at several places (strengths, groups, domains), with intervals: what a chart and its table are
/// made of. No verdict rests on it.
/// </summary>
/// <param name="Analysis">The analysis' name.</param>
/// <param name="Title">A short title for people.</param>
/// <param name="Explanation">What is shown, how, and what is left out, in a few sentences.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="PlaceTitle">What the places are, e.g. <c>strength of the colour jitter</c>.</param>
/// <param name="LevelTitle">What the levels are, e.g. <c>answers kept</c>.</param>
/// <param name="Unit">The unit of the levels, as <see cref="Finding.Unit"/>.</param>
/// <param name="Places">The places, in the order to be drawn; numbers for <see cref="ChartKind.Curve"/>.</param>
/// <param name="Series">The kinds of models, each with a level for each place.</param>
public sealed record ResultChart(
    string Analysis,
    string Title,
    string Explanation,
    ChartKind Kind,
    string PlaceTitle,
    string LevelTitle,
    string Unit,
    IReadOnlyList<string> Places,
    IReadOnlyList<ChartSeries> Series)
{
    /// <summary>What the study calls the analysis, as <see cref="Finding.Label"/>; null where it is called by its own name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }
}
