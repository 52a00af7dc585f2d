using DistillSharp.Reporting.Tests.Samples;
using DistillSharp.Reporting.Tests.Text;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Tests;

public sealed class ReportWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_write_five_files_and_leave_nothing_else_behind()
    {
        SampleFolder.Write(folder.Path, SampleStudy.Create());

        var files = ReportWriter.Write(folder.Path);

        string[] expected = ["charts.csv", "findings.csv", "findings.json", "models.csv", "report.html", "report.md"];
        Assert.Equal(expected, Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(folder["report.html"], files.Html);
        Assert.Equal(folder["report.md"], files.Markdown);
        Assert.Equal(folder["findings.csv"], files.FindingsCsv);
        Assert.Equal(folder["models.csv"], files.ModelsCsv);
        Assert.Equal(folder["charts.csv"], files.ChartsCsv);
    }

    [Fact]
    public async Task Should_write_the_same_bytes_again()
    {
        SampleFolder.Write(folder.Path, SampleStudy.Create());

        var files = await ReportWriter.WriteAsync(folder.Path);
        var first = File.ReadAllBytes(files.Html);
        await ReportWriter.WriteAsync(folder.Path);

        Assert.Equal(first, File.ReadAllBytes(files.Html));
    }

    [Fact]
    public void Should_keep_several_analyses_of_one_kind_apart()
    {
        var sample = SampleStudy.Create();
        var again = sample.Findings.Where(finding => finding.Analysis == "localization").Select(finding => finding with { Label = "score-cam" });
        SampleFolder.Write(folder.Path, sample with
        {
            Findings = [.. sample.Findings, .. again],
            Pictures = [.. sample.Pictures, sample.Pictures[0] with { Label = "score-cam" }],
        });

        var files = ReportWriter.Write(folder.Path);

        var html = File.ReadAllText(files.Html);
        foreach (var part in new[]
        {
            "<h3 id=\"on-localization\">Localization</h3>", "<h3 id=\"on-localization-score-cam\">Localization (score-cam)</h3>",
            "<a href=\"#on-localization-score-cam\">Localization (score-cam)</a>", "id=\"on-localization-score-cam-cam-overlap\"",
            "<strong>Overlap of the class activation maps</strong>", "<strong>Overlap of the class activation maps (score-cam)</strong>",
            $"<h3>{sample.Pictures[0].Title} (score-cam)</h3>",
        })
        {
            Assert.Contains(part, html, StringComparison.Ordinal);
        }

        var markdown = File.ReadAllText(files.Markdown);
        Assert.Contains("\n### Localization (score-cam)\n", markdown, StringComparison.Ordinal);
        Assert.Contains("\n### Overlap of the class activation maps (score-cam)\n", markdown, StringComparison.Ordinal);
        var rows = CsvParser.Parse(File.ReadAllText(files.FindingsCsv));
        Assert.Equal(3, rows.Count(row => row["label"] == "score-cam" && row["analysis"] == "localization"));
        Assert.Equal(sample.Findings.Count, rows.Count(row => row["label"].Length == 0));
    }

    [Fact]
    public void Should_name_a_folder_that_is_not_there()
    {
        var error = Assert.Throws<ReportException>(() => ReportWriter.Write(folder["nothing"]));

        Assert.Equal(folder["nothing"], error.File);
        Assert.Contains("no such folder", error.Message);
    }

    [Fact]
    public void Should_name_findings_that_are_not_there()
    {
        var error = Assert.Throws<ReportException>(() => ReportWriter.Write(folder.Path));

        Assert.Equal(folder["findings.json"], error.File);
        Assert.Contains("distill study run", error.Expected);
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("null", "found null")]
    [InlineData("{ \"format\": 1, ", "line 1")]
    [InlineData("{ \"format\": 1, \"study\": \"x\" }", "required")]
    [InlineData("{ \"format\": \"one\" }", "$.format")]
    public void Should_name_the_place_where_findings_are_broken(string json, string place)
    {
        File.WriteAllText(folder["findings.json"], json);

        var error = Assert.Throws<ReportException>(() => ReportWriter.Write(folder.Path));

        Assert.StartsWith(folder["findings.json"], error.File);
        Assert.Contains(place, error.Message);
    }

    [Fact]
    public void Should_refuse_null_where_a_list_must_be()
    {
        SampleFolder.WriteFindings(folder.Path, SampleStudy.Create() with { Models = null! });

        Assert.Contains("models", Assert.Throws<ReportException>(() => ReportWriter.Write(folder.Path)).Message);
    }

    [Fact]
    public void Should_refuse_null_inside_a_list()
    {
        SampleFolder.WriteFindings(folder.Path, SampleStudy.Create() with { Findings = [null!] });

        Assert.Contains("no null among the findings", Assert.Throws<ReportException>(() => ReportWriter.Write(folder.Path)).Message);
    }

    [Theory]
    [InlineData("a level for each of the 4 places", 3, "0.6")]
    [InlineData("numbers as places", 4, "much")]
    public void Should_refuse_charts_that_do_not_fit_together(string expected, int levels, string place)
    {
        var sample = SampleStudy.Create();
        var curve = sample.Charts[0];
        var wrong = curve with { Places = [place, .. curve.Places.Skip(1)], Series = [curve.Series[0] with { Levels = [.. curve.Series[0].Levels.Take(levels)] }] };
        SampleFolder.WriteFindings(folder.Path, sample with { Charts = [wrong] });

        Assert.Contains(expected, Assert.Throws<ReportException>(() => ReportWriter.Write(folder.Path)).Expected);
    }

    /// <summary>As studies wrote them before there were charts and labels.</summary>
    [Fact]
    public void Should_read_findings_without_charts()
    {
        var sample = SampleStudy.Create() with { Charts = [] };
        SampleFolder.Write(folder.Path, sample);
        var json = File.ReadAllText(folder["findings.json"]);
        Assert.Contains("\"charts\": []", json, StringComparison.Ordinal);
        File.WriteAllText(folder["findings.json"], json.Replace(",\n  \"charts\": []", "", StringComparison.Ordinal));
        Assert.DoesNotContain("charts", File.ReadAllText(folder["findings.json"]), StringComparison.Ordinal);

        var files = ReportWriter.Write(folder.Path);

        Assert.DoesNotContain("Levels by strength", File.ReadAllText(files.Markdown), StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(files.ChartsCsv));
    }

    [Fact]
    public void Should_refuse_a_layout_it_does_not_know()
    {
        SampleFolder.WriteFindings(folder.Path, SampleStudy.Create() with { Format = 2 });

        var error = Assert.Throws<ReportException>(() => ReportWriter.Write(folder.Path));

        Assert.Equal("format 1", error.Expected);
        Assert.Equal("format 2", error.Found);
    }

    [Fact]
    public void Should_name_a_picture_that_is_not_there()
    {
        SampleFolder.Write(folder.Path, SampleStudy.Create());
        File.Delete(folder["pictures/cam-1-2.png"]);

        var error = Assert.Throws<ReportException>(() => ReportWriter.Write(folder.Path));

        Assert.Equal(folder["pictures/cam-1-2.png"], error.File);
        Assert.False(File.Exists(folder["report.html"]));
    }

    [Fact]
    public void Should_refuse_a_picture_that_is_no_picture()
    {
        SampleFolder.Write(folder.Path, SampleStudy.Create());
        File.WriteAllText(folder["pictures/cam-1-2.png"], "<svg onload=alert(1)></svg> and more");

        Assert.Equal("a PNG picture", Assert.Throws<ReportException>(() => ReportWriter.Write(folder.Path)).Expected);
    }

    [Theory]
    [InlineData("../secret.png")]
    [InlineData("/etc/secret.png")]
    [InlineData("")]
    public void Should_refuse_pictures_outside_the_folder(string path)
    {
        var table = new PictureTable("a", "b", "c", ["d"], [new PictureRow("e", [new PictureCell(path, "f")])]);
        SampleFolder.WriteFindings(folder.Path, SampleStudy.Create() with { Pictures = [table] });

        Assert.Contains("inside", Assert.Throws<ReportException>(() => ReportWriter.Write(folder.Path)).Expected);
    }

    [Theory]
    [InlineData("epoch,loss\n1,2\n", "a column validation_loss")]
    [InlineData("epoch,validation_loss,validation_accuracy\n1,0.5,high\n", "a number")]
    [InlineData("epoch,validation_loss,validation_accuracy\n1,0.5\n", "3 values, as the header has")]
    [InlineData("", "a column epoch")]
    public void Should_name_the_place_where_metrics_are_broken(string metrics, string expected)
    {
        var results = SampleStudy.Create();
        SampleFolder.Write(folder.Path, results);
        var file = folder[$"runs/{results.Models[0].Run}/metrics.csv"];
        File.WriteAllText(file, metrics);

        var error = Assert.Throws<ReportException>(() => ReportWriter.Write(folder.Path));

        Assert.StartsWith(file, error.File);
        Assert.Equal(expected, error.Expected);
    }
}
