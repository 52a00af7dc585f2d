using System.Globalization;
using System.Text.Json.Nodes;
using DistillSharp.Reporting.Presentation;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Charts;

/// <summary>The kinds of models of a chart: their rows of data, and how each is drawn.</summary>
internal sealed class SeriesScale(ResultChart chart, MethodPalette palette)
{
    /// <summary>How opaque a hollow bar is, in the two digits that end a colour.</summary>
    private const string Hollow = "1f";

    private readonly IReadOnlyList<Method> methods = [.. chart.Series.Select(palette.Of)];

    /// <summary>What is drawn, in the order of the key.</summary>
    public IReadOnlyList<Method> Methods => methods;

    /// <summary>A row for each kind of model and place.</summary>
    /// <param name="at">Where it is drawn, by the numbers of the place and of the kind of model.</param>
    public JsonArray Rows(Func<int, int, JsonNode> at)
    {
        var scale = FindingUnit.Scale(chart.Unit);
        var rows = new JsonArray();
        for (var index = 0; index < methods.Count; index++)
        {
            for (var place = 0; place < chart.Places.Count; place++)
            {
                Estimate level = chart.Series[index].Levels[place];
                rows.Add(new JsonObject
                {
                    ["series"] = methods[index].Name,
                    ["place"] = chart.Places[place],
                    ["at"] = at(place, index),
                    ["value"] = ChartTheme.Number(level.Mean, scale),
                    ["low"] = ChartTheme.Number(level.Low, scale),
                    ["high"] = ChartTheme.Number(level.High, scale),
                    ["label"] = $"{Figures.LevelWithUnit(level.Mean, chart.Unit)} {Figures.LevelInterval(level, chart.Unit)}",
                });
            }
        }

        return rows;
    }

    public JsonArray Names() => ChartTheme.Strings(methods.Select(method => method.Name));

    public JsonObject Colours() => Scale(ChartTheme.Strings(methods.Select(method => method.Colour)));

    public JsonObject Dashes() => Scale(new JsonArray([.. methods.Select(method => (JsonNode)Dash(method))]));

    /// <summary>Bars of the other teacher and of its students are hollow.</summary>
    public JsonObject Fills() => Scale(ChartTheme.Strings(chart.Series.Zip(methods, (series, method) =>
        series.Role is ChartSeries.OtherTeacher or ChartSeries.CrossStudent ? method.Colour + Hollow : method.Colour)));

    public static JsonArray Tooltip(ResultChart chart) =>
    [
        new JsonObject { ["field"] = "series", ["title"] = "model" },
        new JsonObject { ["field"] = "place", ["title"] = chart.PlaceTitle },
        new JsonObject { ["field"] = "label", ["title"] = chart.LevelTitle },
    ];

    private JsonObject Scale(JsonArray range) => new()
    {
        ["field"] = "series",
        ["type"] = "nominal",
        ["legend"] = null,
        ["scale"] = new JsonObject { ["domain"] = Names(), ["range"] = range },
    };

    private static JsonArray Dash(Method method) => method.Dash.Length == 0
        ? new JsonArray(1, 0)
        : new JsonArray([.. method.Dash.Split(' ').Select(part => (JsonNode)int.Parse(part, CultureInfo.InvariantCulture))]);
}
