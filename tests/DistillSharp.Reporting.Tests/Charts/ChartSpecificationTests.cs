using System.Text.Json.Nodes;
using DistillSharp.Reporting.Charts;
using DistillSharp.Reporting.Input;
using DistillSharp.Reporting.Presentation;
using DistillSharp.Reporting.Tests.Samples;

namespace DistillSharp.Reporting.Tests.Charts;

public sealed class ChartSpecificationTests
{
    private readonly Report report = new(new StudyRecord(
        SampleStudy.Create(),
        [.. SampleStudy.Create().Models.Select(model => new LearningCurve(model, [new EpochPoint(1, 0.5, double.NaN), new EpochPoint(2, 0.4, 0.9)]))],
        new Dictionary<string, Picture>()));

    private IEnumerable<MeasureGroup> Measures => report.Analyses.SelectMany(analysis => analysis.Measures);

    [Fact]
    public void Should_give_a_method_one_colour_in_every_chart()
    {
        var charts = Measures.Where(EffectChart.CanDraw).SelectMany(measure => new[]
        {
            EffectChart.Build(measure, report.Palette),
            LevelChart.Build(measure, report.Palette),
        });
        JsonObject[] curves =
        [
            LearningCurveChart.Accuracy(report.Record.Curves, report.Palette),
            LearningCurveChart.Loss(report.Record.Curves, report.Palette),
        ];

        var colours = charts.Concat(curves).SelectMany(Colours).Where(pair => SampleStudy.Methods.Contains(pair.Name)).Distinct().ToList();

        Assert.Equal(SampleStudy.Methods.Length, colours.Count);
        Assert.Equal(SampleStudy.Methods.Length, colours.Select(pair => pair.Colour).Distinct().Count());
    }

    [Fact]
    public void Should_write_effects_on_shares_in_points_with_every_seed()
    {
        var measure = Measures.First();
        var effect = measure.Findings[0].Effect!;

        var rows = Rows(EffectChart.Build(measure, report.Palette)).Where(row => (string?)row["method"] == "kd" && (string?)row["series"] == "effect").ToList();

        Assert.Equal(effect.Mean * 100, (double)rows.Single(row => (string?)row["kind"] == "mean of effect")["value"]!);
        var interval = rows.Single(row => (string?)row["kind"] == "interval");
        Assert.Equal(effect.Low * 100, (double)interval["value"]!);
        Assert.Equal(effect.High * 100, (double)interval["end"]!);
        Assert.Equal(effect.PerSeed.Select(value => value * 100), rows.Where(row => (string?)row["kind"] == "seed").Select(row => (double)row["value"]!));
    }

    [Fact]
    public void Should_write_null_where_there_is_no_number_and_say_so()
    {
        var measure = Measures.Single(one => one.Title.StartsWith("Fooled", StringComparison.Ordinal));
        var chart = EffectChart.Build(measure, report.Palette);

        Assert.DoesNotContain("NaN", chart.ToJsonString());
        Assert.Contains(Rows(chart), row => (string?)row["kind"] == "missing" && (string?)row["method"] == "similarity-preserving");
        Assert.DoesNotContain("NaN", LearningCurveChart.Accuracy(report.Record.Curves, report.Palette).ToJsonString());
    }

    [Fact]
    public void Should_not_draw_what_nobody_measured()
    {
        var measure = Measures.Single(one => one.Title.StartsWith("Preference", StringComparison.Ordinal));

        Assert.False(EffectChart.CanDraw(measure));
        Assert.False(LevelChart.CanDraw(measure));
    }

    private static IEnumerable<JsonNode> Rows(JsonObject chart) => chart["data"]!["values"]!.AsArray()!;

    private static IEnumerable<(string Name, string Colour)> Colours(JsonObject chart) => chart["layer"]!.AsArray()
        .Select(layer => layer!["encoding"]?["color"]?["scale"])
        .OfType<JsonNode>()
        .SelectMany(scale => scale["domain"]!.AsArray().Zip(scale["range"]!.AsArray(), (name, colour) => ((string)name!, (string)colour!)));
}
