using System.Text.Json.Nodes;
using DistillSharp.Reporting.Presentation;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Charts;

/// <summary>One line a seed, from the independent student to the distilled one; the teacher is a dashed rule.</summary>
internal static class LevelChart
{
    public static bool CanDraw(MeasureGroup measure) =>
        measure.Findings.Any(finding => finding.Student is { } student && student.PerSeed.Any(double.IsFinite));

    public const string Explanation =
        "one line a seed, from the independent student (grey ring) to the distilled one (filled point). "
        + "A cross is the same student scored against another teacher; the dashed rule is the teacher.";

    public const string ExplanationWithoutFloor =
        "one point a student. A cross is the same student scored against another teacher; the dashed rule is the teacher.";

    public static string Title(MeasureGroup measure) => TeacherOf(measure) is { } level
        ? $"Levels (teacher: {Figures.LevelWithUnit(level, measure.Unit)})"
        : "Levels";

    public static JsonObject Build(MeasureGroup measure, MethodPalette palette)
    {
        var methods = measure.Findings.Select(finding => palette.Of(finding.Method)).Distinct().ToList();
        var data = new JsonArray();
        foreach (var finding in measure.Findings)
        {
            AddSeeds(data, finding);
        }

        var layers = new JsonArray(
            Layer("pair", new JsonObject { ["type"] = "rule", ["strokeWidth"] = 2, ["opacity"] = 0.45 }, methods, measure, hasEnd: true),
            Layer("independent", new JsonObject { ["type"] = "point", ["filled"] = false, ["strokeWidth"] = 1.5, ["size"] = 45, ["color"] = Method.Independent.Colour, ["opacity"] = 1 }, null, measure),
            Layer("other teacher", new JsonObject { ["type"] = "point", ["shape"] = "M-1,-1L1,1M1,-1L-1,1", ["filled"] = false, ["strokeWidth"] = 1.6, ["size"] = 40, ["opacity"] = 0.9 }, methods, measure),
            Layer("student", new JsonObject { ["type"] = "point", ["filled"] = true, ["size"] = 65, ["opacity"] = 1 }, methods, measure));
        if (TeacherOf(measure) is { } teacher)
        {
            layers.Add(new JsonObject
            {
                ["data"] = new JsonObject { ["values"] = new JsonArray(new JsonObject { ["teacher"] = teacher * FindingUnit.Scale(measure.Unit) }) },
                ["mark"] = new JsonObject { ["type"] = "rule", ["color"] = "currentColor", ["strokeDash"] = new JsonArray(5, 4), ["opacity"] = 0.8 },
                ["encoding"] = new JsonObject { ["x"] = new JsonObject { ["field"] = "teacher", ["type"] = "quantitative" } },
            });
        }

        var seeds = measure.Findings.Max(finding => finding.Student?.PerSeed.Count ?? 0);
        return ChartTheme.Spec(
            methods.Count * Math.Max(40, (16 * seeds) + 10),
            data,
            layers,
            $"Level of each student and seed: {measure.Title}");
    }

    private static double? TeacherOf(MeasureGroup measure) =>
        measure.Findings.Select(finding => finding.Teacher).FirstOrDefault(level => level is { } value && double.IsFinite(value));

    private static void AddSeeds(JsonArray data, Finding finding)
    {
        if (finding.Student is not { } student)
        {
            return;
        }

        var scale = FindingUnit.Scale(finding.Unit);
        for (var index = 0; index < student.PerSeed.Count; index++)
        {
            var independent = At(finding.Independent, index);
            var pair = Row("pair", index, independent);
            pair["end"] = ChartTheme.Number(student.PerSeed[index], scale);
            if (pair["value"] is not null && pair["end"] is not null)
            {
                data.Add(pair);
            }

            data.Add(Row("independent", index, independent));
            data.Add(Row("other teacher", index, At(finding.OtherTeacher, index)));
            data.Add(Row("student", index, student.PerSeed[index]));
        }

        JsonObject Row(string kind, int index, double? value) => new()
        {
            ["method"] = finding.Method,
            ["seed"] = index < finding.Seeds.Count ? finding.Seeds[index] : index,
            ["kind"] = kind,
            ["value"] = ChartTheme.Number(value, scale),
            ["label"] = Figures.LevelWithUnit(value, finding.Unit),
        };
    }

    private static double? At(Estimate? estimate, int index) =>
        estimate is not null && index < estimate.PerSeed.Count ? estimate.PerSeed[index] : null;

    private static JsonObject Layer(string kind, JsonObject mark, List<Method>? colours, MeasureGroup measure, bool hasEnd = false)
    {
        var encoding = new JsonObject
        {
            ["x"] = new JsonObject
            {
                ["field"] = "value",
                ["type"] = "quantitative",
                ["title"] = ChartTheme.Strings([$"level, {FindingUnit.OfLevels(measure.Unit)}", $"{(measure.HigherIsCloser ? "right" : "left")}: closer to the teacher"]),
                ["scale"] = new JsonObject { ["zero"] = false, ["nice"] = true },
            },
            ["y"] = new JsonObject
            {
                ["field"] = "method",
                ["type"] = "nominal",
                ["title"] = null,
                ["sort"] = null,
                ["scale"] = new JsonObject { ["domain"] = ChartTheme.Strings(measure.Findings.Select(finding => finding.Method).Distinct()) },
            },
            ["yOffset"] = new JsonObject { ["field"] = "seed", ["type"] = "nominal", ["sort"] = null },
            ["tooltip"] = new JsonArray(
                new JsonObject { ["field"] = "method" },
                new JsonObject { ["field"] = "seed" },
                new JsonObject { ["field"] = "kind" },
                new JsonObject { ["field"] = "label", ["title"] = "level" }),
        };
        if (colours is not null)
        {
            encoding["color"] = new JsonObject
            {
                ["field"] = "method",
                ["type"] = "nominal",
                ["legend"] = null,
                ["scale"] = new JsonObject
                {
                    ["domain"] = ChartTheme.Strings(colours.Select(method => method.Name)),
                    ["range"] = ChartTheme.Strings(colours.Select(method => method.Colour)),
                },
            };
        }

        if (hasEnd)
        {
            encoding["x2"] = new JsonObject { ["field"] = "end" };
        }

        return new JsonObject { ["transform"] = ChartTheme.Only(kind), ["mark"] = mark, ["encoding"] = encoding };
    }
}
