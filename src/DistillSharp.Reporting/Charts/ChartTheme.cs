using System.Text.Json.Nodes;

namespace DistillSharp.Reporting.Charts;

/// <summary>What all charts share. Text and lines take the colour of the page's text, so that they suit light, dark and paper.</summary>
internal static class ChartTheme
{
    private const string Font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

    public static JsonObject Spec(int height, JsonArray data, JsonArray layers, string description) => new()
    {
        ["description"] = description,
        ["width"] = "container",
        ["height"] = height,
        ["autosize"] = new JsonObject { ["type"] = "fit-x", ["contains"] = "padding" },
        ["background"] = null,
        ["data"] = new JsonObject { ["values"] = data },
        ["layer"] = layers,
        ["config"] = Config(),
    };

    /// <summary>JSON has no NaN: what was not measured is null, and null is not drawn.</summary>
    public static JsonNode? Number(double? value, double scale = 1) =>
        value is { } number && double.IsFinite(number) ? JsonValue.Create(number * scale) : null;

    public static JsonArray Strings(IEnumerable<string> values) =>
        new([.. values.Select(value => (JsonNode)JsonValue.Create(value))]);

    /// <summary>The condition under which a row is drawn: its kind, and a number to draw.</summary>
    public static JsonArray Only(string kind, string field = "value") =>
    [
        new JsonObject { ["filter"] = new JsonObject { ["field"] = "kind", ["equal"] = kind } },
        new JsonObject { ["filter"] = new JsonObject { ["field"] = field, ["valid"] = true } },
    ];

    private static JsonObject Config() => new()
    {
        ["font"] = Font,
        ["lineBreak"] = "\n",
        ["view"] = new JsonObject { ["stroke"] = null },
        ["axis"] = new JsonObject
        {
            ["labelColor"] = "currentColor",
            ["titleColor"] = "currentColor",
            ["titleFontWeight"] = "normal",
            ["titlePadding"] = 10,
            ["labelFontSize"] = 12,
            ["titleFontSize"] = 12,
            ["labelLimit"] = 150,
            ["labelPadding"] = 6,
            ["gridColor"] = "currentColor",
            ["gridOpacity"] = 0.12,
            ["domain"] = false,
            ["ticks"] = false,
            ["tickCount"] = 6,
        },
    };
}
