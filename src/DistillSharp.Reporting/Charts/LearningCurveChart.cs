using System.Text.Json.Nodes;
using DistillSharp.Reporting.Input;
using DistillSharp.Reporting.Presentation;

namespace DistillSharp.Reporting.Charts;

/// <summary>A figure by epoch: one thin line a run, one thick line for the mean over the seeds of a method.</summary>
internal static class LearningCurveChart
{
    public const string Explanation = "Thin lines are runs, thick lines the mean over seeds.";

    public static JsonObject Accuracy(IReadOnlyList<LearningCurve> curves, MethodPalette palette) =>
        Build(curves, palette, "validation accuracy, %", point => point.ValidationAccuracy * 100);

    public static JsonObject Loss(IReadOnlyList<LearningCurve> curves, MethodPalette palette) =>
        Build(curves, palette, "validation loss, nats", point => point.ValidationLoss);

    /// <summary>What is drawn, in the order of the key: controls first.</summary>
    public static IReadOnlyList<Method> Lines(IReadOnlyList<LearningCurve> curves, MethodPalette palette)
    {
        Method[] order = [Method.Teacher, Method.OtherTeacher, Method.Independent, .. palette.Methods];
        var drawn = curves.Select(curve => palette.Of(curve.Model)).ToHashSet();
        return [.. order.Where(drawn.Contains)];
    }

    private static JsonObject Build(
        IReadOnlyList<LearningCurve> curves,
        MethodPalette palette,
        string title,
        Func<EpochPoint, double> figure)
    {
        var data = new JsonArray();
        foreach (var curve in curves)
        {
            foreach (var point in curve.Epochs)
            {
                data.Add(new JsonObject
                {
                    ["run"] = curve.Model.Run,
                    ["line"] = palette.Of(curve.Model).Name,
                    ["epoch"] = ChartTheme.Number(point.Epoch),
                    ["value"] = ChartTheme.Number(figure(point)),
                });
            }
        }

        var lines = Lines(curves, palette);
        var run = new JsonObject { ["type"] = "line", ["strokeWidth"] = 1, ["opacity"] = 0.4 };
        var mean = new JsonObject { ["type"] = "line", ["strokeWidth"] = 2.2 };
        return ChartTheme.Spec(
            280,
            data,
            new JsonArray(Layer(run, lines, title, perRun: true), Layer(mean, lines, title, perRun: false)),
            $"{title} by epoch, for each run and as a mean over seeds");
    }

    private static JsonObject Layer(JsonObject mark, IReadOnlyList<Method> lines, string title, bool perRun)
    {
        var y = new JsonObject
        {
            ["field"] = "value",
            ["type"] = "quantitative",
            ["title"] = title,
            ["scale"] = new JsonObject { ["zero"] = false },
        };
        var encoding = new JsonObject
        {
            ["x"] = new JsonObject
            {
                ["field"] = "epoch",
                ["type"] = "quantitative",
                ["title"] = "epoch",
                ["scale"] = new JsonObject { ["zero"] = false, ["nice"] = false },
                ["axis"] = new JsonObject { ["grid"] = false, ["tickMinStep"] = 1 },
            },
            ["y"] = y,
            ["color"] = Scale(lines, ChartTheme.Strings(lines.Select(line => line.Colour))),
            ["strokeDash"] = Scale(lines, new JsonArray([.. lines.Select(line => (JsonNode)Dash(line))])),
        };
        if (perRun)
        {
            encoding["detail"] = new JsonObject { ["field"] = "run" };
        }
        else
        {
            y["aggregate"] = "mean";
        }

        return new JsonObject { ["mark"] = mark, ["encoding"] = encoding };
    }

    private static JsonObject Scale(IReadOnlyList<Method> lines, JsonArray range) => new()
    {
        ["field"] = "line",
        ["type"] = "nominal",
        ["legend"] = null,
        ["scale"] = new JsonObject { ["domain"] = ChartTheme.Strings(lines.Select(line => line.Name)), ["range"] = range },
    };

    private static JsonArray Dash(Method line) => line.Dash.Length == 0
        ? new JsonArray(1, 0)
        : new JsonArray([.. line.Dash.Split(' ').Select(part => (JsonNode)int.Parse(part, System.Globalization.CultureInfo.InvariantCulture))]);
}
