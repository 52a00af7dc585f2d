using System.Globalization;
using System.Text.Json.Nodes;
using DistillSharp.Reporting.Presentation;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Charts;

/// <summary>A line a kind of model over places that are numbers, each in a band that is its 95 % interval.</summary>
internal static class CurveChart
{
    private const int Height = 320;

    public static JsonObject Build(ChartGroup group, MethodPalette palette)
    {
        ResultChart chart = group.Chart;
        double[] places = [.. chart.Places.Select(place => double.Parse(place, CultureInfo.InvariantCulture))];
        var series = new SeriesScale(chart, palette);
        var band = new JsonObject { ["type"] = "area", ["opacity"] = 0.13, ["clip"] = true };
        var line = new JsonObject { ["type"] = "line", ["strokeWidth"] = 2.2 };
        var point = new JsonObject { ["type"] = "point", ["filled"] = true, ["size"] = 46, ["opacity"] = 1 };
        return ChartTheme.Spec(
            Height,
            series.Rows(place => places[place]),
            new JsonArray(
                Layer(band, places, chart, series, "low", ("y2", new JsonObject { ["field"] = "high" })),
                Layer(line, places, chart, series, "value", ("strokeDash", series.Dashes())),
                Layer(point, places, chart, series, "value", ("tooltip", SeriesScale.Tooltip(chart)))),
            $"{group.Title}: {chart.LevelTitle} by {chart.PlaceTitle}, a line for each kind of model");
    }

    private static JsonObject Layer(JsonObject mark, double[] places, ResultChart chart, SeriesScale series, string field, (string Channel, JsonNode Value) more)
    {
        bool falling = places.Length > 1 && places[0] > places[^1];
        return new JsonObject
        {
            ["transform"] = new JsonArray(new JsonObject { ["filter"] = new JsonObject { ["field"] = field, ["valid"] = true } }),
            ["mark"] = mark,
            ["encoding"] = new JsonObject
            {
                ["x"] = new JsonObject
                {
                    ["field"] = "place",
                    ["type"] = "quantitative",
                    ["title"] = chart.PlaceTitle,
                    ["scale"] = new JsonObject { ["zero"] = false, ["nice"] = false, ["padding"] = 12, ["reverse"] = falling },
                    ["axis"] = new JsonObject { ["grid"] = false, ["format"] = "~g", ["values"] = new JsonArray([.. places.Select(place => (JsonNode)place)]) },
                },
                ["y"] = new JsonObject
                {
                    ["field"] = field,
                    ["type"] = "quantitative",
                    ["title"] = $"{chart.LevelTitle}, {Figures.LevelUnit(chart.Unit)}",
                    ["scale"] = new JsonObject { ["zero"] = false, ["nice"] = true },
                },
                ["color"] = series.Colours(),
                [more.Channel] = more.Value,
            },
        };
    }
}
