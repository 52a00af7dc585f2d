using System.Text.Json.Nodes;
using DistillSharp.Reporting.Presentation;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Charts;

/// <summary>
/// One row a method: the effect with its interval and each seed, and below it how much more that is than with the other teacher.
/// The last row shows what chance gives.
/// </summary>
internal static class EffectChart
{
    private const string Chance = "null (chance)";
    private const string Own = "own minus other";
    private const string Effect = "effect";
    private const int RowHeight = 46;

    public const string Explanation =
        "filled points are the effect, student minus independent; hollow points are how much more that is than with the other teacher, own minus other. "
        + "Bars are 95 % intervals, ticks are seeds. At 0 a student is as close to the teacher as an independent one; "
        + "the grey row, one independent student against another, shows how far chance strays from there.";

    public static bool CanDraw(MeasureGroup measure) =>
        measure.Findings.Any(finding => finding.Effect is { } effect && double.IsFinite(effect.Mean));

    public static JsonObject Build(MeasureGroup measure, MethodPalette palette)
    {
        var methods = measure.Findings.Select(finding => palette.Of(finding.Method)).Distinct().ToList();
        var data = new JsonArray();
        foreach (var finding in measure.Findings)
        {
            Add(data, finding.Method, Effect, finding.Effect, measure.Unit);
            Add(data, finding.Method, Own, finding.OwnMinusOther, measure.Unit);
            if (finding.Effect is not { } effect || !double.IsFinite(effect.Mean))
            {
                data.Add(new JsonObject { ["method"] = finding.Method, ["kind"] = "missing", ["value"] = 0 });
            }
        }

        // The null does not depend on the method: the first that was measured stands for all.
        Add(data, Chance, Effect, measure.Findings.Select(finding => finding.Null).FirstOrDefault(estimate => estimate is not null), measure.Unit);

        var rows = methods.Append(Method.Independent with { Name = Chance }).ToList();
        var layers = new JsonArray(
            new JsonObject
            {
                ["data"] = new JsonObject { ["values"] = new JsonArray(new JsonObject { ["zero"] = 0 }) },
                ["mark"] = new JsonObject { ["type"] = "rule", ["color"] = "currentColor", ["opacity"] = 0.6 },
                ["encoding"] = new JsonObject { ["x"] = new JsonObject { ["field"] = "zero", ["type"] = "quantitative" } },
            },
            Layer("interval", new JsonObject { ["type"] = "bar", ["height"] = 7, ["cornerRadius"] = 3, ["opacity"] = 0.35 }, rows, measure, hasEnd: true),
            Layer("seed", new JsonObject { ["type"] = "tick", ["thickness"] = 1.5, ["size"] = 15 }, rows, measure),
            Layer("mean of effect", new JsonObject { ["type"] = "point", ["filled"] = true, ["size"] = 90, ["opacity"] = 1 }, rows, measure),
            Layer("mean of own minus other", new JsonObject { ["type"] = "point", ["filled"] = false, ["strokeWidth"] = 2, ["size"] = 70, ["opacity"] = 1 }, rows, measure));
        if (data.Any(row => (string?)row!["kind"] == "missing"))
        {
            layers.Add(Missing(rows));
        }

        return ChartTheme.Spec(
            RowHeight * rows.Count,
            data,
            layers,
            $"Effect of each method on: {measure.Title}");
    }

    private static void Add(JsonArray data, string method, string series, Estimate? estimate, string unit)
    {
        if (estimate is null)
        {
            return;
        }

        var scale = FindingUnit.Scale(unit);
        data.Add(Row($"mean of {series}", estimate.Mean, $"{Figures.Effect(estimate.Mean, unit)} {Figures.EffectInterval(estimate, unit)}"));
        var interval = Row("interval", estimate.Low, Figures.EffectInterval(estimate, unit));
        interval["end"] = ChartTheme.Number(estimate.High, scale);
        data.Add(interval);
        foreach (var seed in estimate.PerSeed)
        {
            data.Add(Row("seed", seed, Figures.Effect(seed, unit)));
        }

        JsonObject Row(string kind, double value, string label) => new()
        {
            ["method"] = method,
            ["series"] = series,
            ["kind"] = kind,
            ["value"] = ChartTheme.Number(value, scale),
            ["label"] = label,
        };
    }

    /// <summary>Says in its row that a method has no effect to draw.</summary>
    private static JsonObject Missing(List<Method> rows) => new()
    {
        ["transform"] = ChartTheme.Only("missing"),
        ["mark"] = new JsonObject { ["type"] = "text", ["text"] = "not measured", ["align"] = "left", ["dx"] = 8, ["color"] = "currentColor", ["opacity"] = 0.75 },
        ["encoding"] = new JsonObject
        {
            ["x"] = new JsonObject { ["field"] = "value", ["type"] = "quantitative" },
            ["y"] = Row(rows),
        },
    };

    private static JsonObject Row(List<Method> rows) => new()
    {
        ["field"] = "method",
        ["type"] = "nominal",
        ["title"] = null,
        ["sort"] = null,
        ["scale"] = new JsonObject { ["domain"] = ChartTheme.Strings(rows.Select(row => row.Name)) },
    };

    private static JsonObject Layer(string kind, JsonObject mark, List<Method> rows, MeasureGroup measure, bool hasEnd = false)
    {
        var encoding = new JsonObject
        {
            ["x"] = new JsonObject
            {
                ["field"] = "value",
                ["type"] = "quantitative",
                ["title"] = ChartTheme.Strings([$"effect, {FindingUnit.OfChanges(measure.Unit)}", "right: closer to the teacher"]),
            },
            ["y"] = Row(rows),
            ["yOffset"] = new JsonObject
            {
                ["field"] = "series",
                ["type"] = "nominal",
                ["sort"] = null,
                ["scale"] = new JsonObject { ["domain"] = ChartTheme.Strings([Effect, Own]) },
            },
            ["color"] = new JsonObject
            {
                ["field"] = "method",
                ["type"] = "nominal",
                ["legend"] = null,
                ["scale"] = new JsonObject
                {
                    ["domain"] = ChartTheme.Strings(rows.Select(row => row.Name)),
                    ["range"] = ChartTheme.Strings(rows.Select(row => row.Colour)),
                },
            },
            ["tooltip"] = new JsonArray(
                new JsonObject { ["field"] = "method" },
                new JsonObject { ["field"] = "kind" },
                new JsonObject { ["field"] = "series" },
                new JsonObject { ["field"] = "label", ["title"] = FindingUnit.OfChanges(measure.Unit) }),
        };
        if (hasEnd)
        {
            encoding["x2"] = new JsonObject { ["field"] = "end" };
        }

        return new JsonObject { ["transform"] = ChartTheme.Only(kind), ["mark"] = mark, ["encoding"] = encoding };
    }
}
