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

    [Fact]
    public void Should_write_levels_with_their_intervals_and_turn_an_axis_that_falls()
    {
        var group = Charts.Single(chart => chart.Chart.Kind == DistillSharp.Studies.Results.ChartKind.Curve);
        var level = group.Chart.Series[3].Levels[1];

        var chart = CurveChart.Build(group, report.Palette);

        var row = Rows(chart).Single(row => (string?)row["series"] == "kd" && (string?)row["place"] == "0.5");
        Assert.Equal((level.Mean * 100, level.Low * 100, level.High * 100), ((double)row["value"]!, (double)row["low"]!, (double)row["high"]!));
        Assert.True((bool)chart["layer"]![0]!["encoding"]!["x"]!["scale"]!["reverse"]!);
        Assert.DoesNotContain("NaN", chart.ToJsonString());
        Assert.Contains(Rows(chart), missing => (string?)missing["series"] == "kd" && (string?)missing["place"] == "0.3" && missing["value"] is null);

        // Nine kinds of models within a sixth of the way to the next place, the middle one on the place itself, the first on the left: this axis falls.
        Assert.Equal(-0.016, (double)Rows(chart).Last()["at"]! - (double)Rows(chart).ElementAt(3)["at"]!, 9);
        Assert.Equal(0.5, (double)Rows(chart).ElementAt((4 * 4) + 1)["at"]!, 9);
        Assert.Contains("kd from the other teacher", Rows(chart).Select(r => (string?)r["series"]));
    }

    [Fact]
    public void Should_set_few_bars_beside_each_other_and_many_below_each_other_all_from_zero()
    {
        var few = BarChart.Build(Charts.Single(chart => chart.Chart.Places.Count == 3), report.Palette);
        var many = BarChart.Build(Charts.Single(chart => chart.Chart.Places.Count == 6), report.Palette);

        Assert.Equal("at", (string?)few["layer"]![0]!["encoding"]!["x"]!["field"]);
        Assert.Equal("at", (string?)many["layer"]![0]!["encoding"]!["y"]!["field"]);
        Assert.Null(few["layer"]![0]!["encoding"]!["y"]!["scale"]);
        Assert.True((int)many["height"]! >= 54 * 15);
    }

    [Fact]
    public void Should_draw_the_bars_of_the_other_teacher_and_its_students_hollow()
    {
        var chart = BarChart.Build(Charts.Single(group => group.Chart.Places.Count == 6), report.Palette);

        var scale = chart["layer"]![0]!["encoding"]!["fill"]!["scale"]!;
        var hollow = scale["domain"]!.AsArray().Zip(scale["range"]!.AsArray()).Where(pair => ((string)pair.Second!).Length == 9).Select(pair => (string?)pair.First);
        Assert.Equal(["other teacher", .. SampleStudy.Methods.Select(method => $"{method} from the other teacher")], hollow);
    }

    private IEnumerable<ChartGroup> Charts => report.Analyses.SelectMany(analysis => analysis.Charts);

    private static IEnumerable<JsonNode> Rows(JsonObject chart) => chart["data"]!["values"]!.AsArray()!;

    private static IEnumerable<(string Name, string Colour)> Colours(JsonObject chart) => chart["layer"]!.AsArray()
        .Select(layer => layer!["encoding"]?["color"]?["scale"])
        .OfType<JsonNode>()
        .SelectMany(scale => scale["domain"]!.AsArray().Zip(scale["range"]!.AsArray(), (name, colour) => ((string)name!, (string)colour!)));
}
