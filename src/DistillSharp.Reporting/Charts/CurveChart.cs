using System.Globalization;
using System.Text.Json.Nodes;
using DistillSharp.Reporting.Presentation;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Charts;

/// <summary>
/// A line a kind of model over places that are numbers, with a bar at each place that is its 95 % interval. What belongs to one place is set a little
/// apart: intervals of few seeds are wide, and bands over each other would show none.
/// </summary>
internal static class CurveChart
{
    private const int Height = 340;

    /// <summary>How far what belongs to one place is spread, of the way to the next place.</summary>
    private const double Spread = 0.16;

    public static JsonObject Build(ChartGroup group, MethodPalette palette)
    {
        ResultChart chart = group.Chart;
        double[] places = [.. chart.Places.Select(place => double.Parse(place, CultureInfo.InvariantCulture))];
        var series = new SeriesScale(chart, palette);
        double[] distances = [.. places.Order().Zip(places.Order().Skip(1), (a, b) => b - a).Where(distance => distance > 0)];
        double apart = series.Methods.Count > 1 ? Spread * (distances.Length > 0 ? distances.Min() : 1) / (series.Methods.Count - 1) : 0;
        apart = IsFalling(places) ? -apart : apart;
        var interval = new JsonObject { ["type"] = "rule", ["strokeWidth"] = 1.6, ["opacity"] = 0.65 };
        var line = new JsonObject { ["type"] = "line", ["strokeWidth"] = 2.2 };
        var point = new JsonObject { ["type"] = "point", ["filled"] = true, ["size"] = 46, ["opacity"] = 1 };
        return ChartTheme.Spec(
            Height,
            series.Rows((place, index) => places[place] + (apart * (index - ((series.Methods.Count - 1) / 2.0)))),
            new JsonArray(
                Layer(interval, places, chart, series, "low", ("y2", new JsonObject { ["field"] = "high" })),
                Layer(line, places, chart, series, "value", ("strokeDash", series.Dashes())),
                Layer(point, places, chart, series, "value", ("tooltip", SeriesScale.Tooltip(chart)))),
            $"{group.Title}: {chart.LevelTitle} by {chart.PlaceTitle}, a line for each kind of model");
    }

    /// <summary>True where the largest number stands first, so that the axis is turned.</summary>
    private static bool IsFalling(double[] places) => places.Length > 1 && places[0] > places[^1];

    private static JsonObject Layer(JsonObject mark, double[] places, ResultChart chart, SeriesScale series, string field, (string Channel, JsonNode Value) more) => new()
    {
        ["transform"] = new JsonArray(new JsonObject { ["filter"] = new JsonObject { ["field"] = field, ["valid"] = true } }),
        ["mark"] = mark,
        ["encoding"] = new JsonObject
        {
            ["x"] = new JsonObject
            {
                ["field"] = "at",
                ["type"] = "quantitative",
                ["title"] = chart.PlaceTitle,
                ["scale"] = new JsonObject { ["zero"] = false, ["nice"] = false, ["padding"] = 12, ["reverse"] = IsFalling(places) },
                ["axis"] = new JsonObject { ["grid"] = false, ["format"] = "~g", ["values"] = new JsonArray([.. places.Select(place => (JsonNode)place)]) },
            },
            ["y"] = new JsonObject
            {
                ["field"] = field,
                ["type"] = "quantitative",
                ["title"] = $"{chart.LevelTitle}, {FindingUnit.OfLevels(chart.Unit)}",
                ["scale"] = new JsonObject { ["zero"] = false, ["nice"] = true },
            },
            ["color"] = series.Colours(),
            [more.Channel] = more.Value,
        },
    };
}
