using System.Globalization;
using DistillSharp.Reporting.Tests.Samples;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Tests.Text;

public sealed class CsvTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_give_back_every_finding_in_full_precision()
    {
        var sample = SampleStudy.Create();
        var awkward = sample.Findings[0] with { Reason = "says \"so\", and\r\nmore", Notes = ["one, two", "three"], Teacher = 1.0 / 3 };
        var results = sample with { Findings = [awkward, .. sample.Findings.Skip(1)] };
        SampleFolder.Write(folder.Path, results);

        var rows = CsvParser.Parse(File.ReadAllText(ReportWriter.Write(folder.Path).FindingsCsv));

        Assert.Equal(results.Findings.Count, rows.Count);
        foreach (var (finding, row) in results.Findings.Zip(rows))
        {
            Assert.Equal(finding.Measure, row["measure"]);
            Assert.Equal(finding.Method, row["method"]);
            Assert.Equal(finding.Reason, row["reason"]);
            Assert.Equal(string.Join('\n', finding.Notes), row["notes"]);
            Assert.Equal(finding.Teacher, Number(row["teacher"]));
            Assert.Equal(finding.Images, Number(row["images"]));
            AssertEstimate(finding.Independent, row, "independent");
            AssertEstimate(finding.Null, row, "null");
            AssertEstimate(finding.Student, row, "student");
            AssertEstimate(finding.OtherTeacher, row, "other_teacher");
            AssertEstimate(finding.Effect, row, "effect");
            AssertEstimate(finding.OwnMinusOther, row, "own_minus_other");
        }

        Assert.Equal(["inherited", "not-applicable", "not-shown", "regularised", "reversed"], rows.Select(row => row["verdict"]).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Should_give_back_every_level_of_a_chart_in_full_precision()
    {
        var results = SampleStudy.Create();
        SampleFolder.Write(folder.Path, results);

        var rows = CsvParser.Parse(File.ReadAllText(ReportWriter.Write(folder.Path).ChartsCsv));

        var expected = results.Charts.SelectMany(chart => chart.Series.SelectMany(series => chart.Places.Zip(series.Levels, (place, level) => (chart, series, place, level)))).ToList();
        Assert.Equal(expected.Count, rows.Count);
        foreach (var ((chart, series, place, level), row) in expected.Zip(rows))
        {
            Assert.Equal((chart.Title, chart.Label ?? "", place), (row["chart"], row["label"], row["place"]));
            Assert.Equal((series.Role, series.Method), (row["role"], row["method"]));
            Assert.Equal((level.Mean, level.Low, level.High), (Number(row["mean"]), Number(row["low"]), Number(row["high"])));
            Assert.Equal(level.PerSeed, row["per_seed"].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => Number(text)!.Value));
        }
    }

    [Fact]
    public void Should_give_back_every_model_in_full_precision()
    {
        var results = SampleStudy.Create();
        SampleFolder.Write(folder.Path, results);

        var rows = CsvParser.Parse(File.ReadAllText(ReportWriter.Write(folder.Path).ModelsCsv));

        Assert.Equal(results.Models, rows.Select(row => new ModelResult(
            row["run"],
            row["role"],
            row["method"],
            int.Parse(row["seed"], CultureInfo.InvariantCulture),
            row["architecture"],
            long.Parse(row["parameters"], CultureInfo.InvariantCulture),
            Number(row["test_accuracy"])!.Value,
            Number(row["test_nll"])!.Value,
            Number(row["test_ece"])!.Value,
            Number(row["train_accuracy"])!.Value,
            Number(row["train_seconds"])!.Value)));
    }

    private static void AssertEstimate(Estimate? expected, Dictionary<string, string> row, string name)
    {
        Assert.Equal(expected?.Mean, Number(row[$"{name}_mean"]));
        Assert.Equal(expected?.Low, Number(row[$"{name}_low"]));
        Assert.Equal(expected?.High, Number(row[$"{name}_high"]));
        Assert.Equal(expected?.PerSeed ?? [], row[$"{name}_per_seed"].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => Number(text)!.Value));
    }

    private static double? Number(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
