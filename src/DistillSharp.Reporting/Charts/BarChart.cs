using System.Text;
using System.Text.Json.Nodes;
using DistillSharp.Reporting.Presentation;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Charts;

/// <summary>
/// A bar a kind of model at each place, with a line that is its 95 % interval. Places stand beside each other; where there are many bars, below
/// each other, so that none becomes too thin to be read on a narrow page.
/// </summary>
internal static class BarChart
{
    private const int MostBarsAcross = 24;
    private const int Height = 320;
    private const int RowHeight = 15;
    private const int BetweenRows = 14;
    private const int LongestLine = 15;

    public static JsonObject Build(ChartGroup group, MethodPalette palette)
    {
        ResultChart chart = group.Chart;
        int bars = chart.Places.Count * chart.Series.Count;
        bool across = bars <= MostBarsAcross;
        var series = new SeriesScale(chart, palette);

        // Bars let a line through, also the teacher's, which has the line's colour.
        var bar = new JsonObject { ["type"] = "bar", ["strokeWidth"] = 1.5, ["fillOpacity"] = 0.72 };
        var interval = new JsonObject { ["type"] = "rule", ["strokeWidth"] = 1.7, ["color"] = "currentColor" };
        return ChartTheme.Spec(
            across ? Height : (bars * RowHeight) + (chart.Places.Count * BetweenRows),
            series.Rows((place, _) => Lines(chart.Places[place])),
            new JsonArray(
                Layer(bar, chart, series, across, "value", [("fill", series.Fills()), ("stroke", series.Colours()), ("tooltip", SeriesScale.Tooltip(chart))]),
                Layer(interval, chart, series, across, "low", [(across ? "y2" : "x2", new JsonObject { ["field"] = "high" })])),
            $"{group.Title}: {chart.LevelTitle} by {chart.PlaceTitle}, a bar for each kind of model");
    }

    /// <summary>A name broken into lines, so that it need not be cut.</summary>
    private static string Lines(string name)
    {
        var lines = new StringBuilder();
        int length = 0;
        foreach (string word in name.Split(' '))
        {
            bool fits = length == 0 || length + 1 + word.Length <= LongestLine;
            lines.Append(length == 0 ? "" : fits ? " " : "\n").Append(word);
            length = fits ? length + 1 + word.Length : word.Length;
        }

        return lines.ToString();
    }

    private static JsonObject Layer(JsonObject mark, ResultChart chart, SeriesScale series, bool across, string field, (string Channel, JsonNode Value)[] more)
    {
        var encoding = new JsonObject
        {
            [across ? "x" : "y"] = new JsonObject
            {
                ["field"] = "at",
                ["type"] = "nominal",
                ["title"] = across ? chart.PlaceTitle : null,
                ["sort"] = null,
                ["scale"] = new JsonObject { ["domain"] = ChartTheme.Strings(chart.Places.Select(Lines)), ["paddingInner"] = 0.25, ["paddingOuter"] = 0.12 },
                ["axis"] = new JsonObject { ["labelAngle"] = across && chart.Places.Count > 4 ? -35 : 0, ["labelLimit"] = 130 },
            },
            [across ? "xOffset" : "yOffset"] = new JsonObject
            {
                ["field"] = "series",
                ["type"] = "nominal",
                ["sort"] = null,
                ["scale"] = new JsonObject { ["domain"] = series.Names(), ["paddingInner"] = 0.12 },
            },
            [across ? "y" : "x"] = new JsonObject
            {
                ["field"] = field,
                ["type"] = "quantitative",
                ["title"] = $"{chart.LevelTitle}, {FindingUnit.OfLevels(chart.Unit)}",
            },
        };
        foreach ((string channel, JsonNode value) in more)
        {
            encoding[channel] = value;
        }

        return new JsonObject
        {
            ["transform"] = new JsonArray(new JsonObject { ["filter"] = new JsonObject { ["field"] = field, ["valid"] = true } }),
            ["mark"] = mark,
            ["encoding"] = encoding,
        };
    }
}
