using System.Net;
using System.Text.RegularExpressions;
using DistillSharp.Reporting.Tests.Samples;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Tests.Html;

public sealed partial class HtmlReportTests : IDisposable
{
    private const string Hostile = "<script>alert(\"x\")</script> & 'kd' | *bold*";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_say_everything_in_the_order_of_reading()
    {
        var html = Render(SampleStudy.Create());

        string[] order =
        [
            "<h1>what-does-kd-pass-on</h1>", "Fashion-MNIST: 55,000", "id=\"verdicts\"", "id=\"reading\"", "id=\"findings\"", "id=\"notes\"",
            "id=\"models\"", "id=\"charts\"", "id=\"pictures\"", "id=\"environment\"", "id=\"repeat\"", "distill study run studies/what-does-kd-pass-on.yaml",
        ];
        var places = order.Select(part => html.IndexOf(part, StringComparison.Ordinal)).ToArray();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void Should_give_every_verdict_in_words_with_its_reason()
    {
        var results = SampleStudy.Create();
        var text = WebUtility.HtmlDecode(Render(results));

        Assert.All(results.Findings, finding => Assert.Contains(finding.Reason, text));
        foreach (var word in new[] { "Inherited", "Regularised", "Not shown", "Reversed", "Not applicable", "Inherited, preliminary" })
        {
            Assert.Contains($"</span>{word}</span>", text);
        }
    }

    [Fact]
    public void Should_format_figures_for_people()
    {
        var text = WebUtility.HtmlDecode(Render(SampleStudy.Create()));

        Assert.Contains("<span class=\"mean\">+3.1</span>", text);
        Assert.Contains("<span class=\"interval\">[+2.2, +4.0]</span>", text);
        Assert.Contains("<span class=\"mean\">−0.047</span>", text);
        Assert.Contains("<td class=\"number\">94.1\u00A0%</td>", text);
        Assert.Contains("<td class=\"number\">2,243,546</td>", text);
        Assert.DoesNotContain("NaN", OutsideScripts(text));
    }

    [Fact]
    public void Should_show_names_with_markup_as_text()
    {
        var sample = SampleStudy.Create();
        var results = sample with
        {
            Study = Hostile,
            Description = Hostile,
            Data = Hostile,
            Command = Hostile,
            FinishedUtc = Hostile,
            Models = [.. sample.Models.Select(model => model with { Architecture = Hostile, Method = model.Role == "student" ? Hostile : "none" })],
            Findings = [.. sample.Findings.Select(finding => finding with
            {
                Analysis = Hostile, Measure = Hostile, Title = Hostile, Question = Hostile, Method = Hostile, Unit = Hostile, Reason = Hostile, Notes = [Hostile],
            })],
            Pictures = [.. sample.Pictures.Select(table => table with
            {
                Title = Hostile,
                Explanation = Hostile,
                Columns = [.. table.Columns.Select(_ => Hostile)],
                Rows = [.. table.Rows.Select(row => new PictureRow(Hostile, [.. row.Cells.Select(cell => cell with { Caption = Hostile })]))],
            })],
            Environment = new RunEnvironment([new(Hostile, Hostile)]),
        };

        var html = Render(results);

        Assert.DoesNotContain("<script>alert", html);
        Assert.DoesNotContain("<script>alert", html.Replace("\\u003C", "[", StringComparison.Ordinal));
        Assert.Contains("<h1>&lt;script&gt;alert(", html);
        Assert.Equal(4, ExecutableScript().Count(html));
    }

    [Fact]
    public void Should_load_nothing_from_elsewhere()
    {
        var html = Render(SampleStudy.Create());
        var markup = OutsideScripts(html);

        Assert.DoesNotContain("<link", markup);
        Assert.DoesNotContain("<iframe", markup);
        Assert.DoesNotContain("<base", markup);
        Assert.DoesNotMatch(@"<script[^>]*\ssrc", html);
        Assert.DoesNotMatch(@"(src|srcset|poster|data|action)\s*=\s*[""']?\s*(https?:)?//", markup);
        Assert.DoesNotMatch(@"(@import|url\()", markup);
        Assert.DoesNotMatch(@"href=""(?!#)", markup);
        Assert.All(ImageSource().Matches(markup), match => Assert.StartsWith("data:image/png;base64,", match.Groups[1].Value));
        Assert.Contains("default-src &#x27;none&#x27;", html);
    }

    [Fact]
    public void Should_carry_the_licence_of_its_chart_scripts()
    {
        var html = Render(SampleStudy.Create());

        Assert.Contains("vega 6.4.0, vega-lite 6.5.0, vega-embed 7.3.0", html);
        Assert.Contains("Redistributions of source code must retain", html);
    }

    [Fact]
    public void Should_do_without_metrics_pictures_and_findings()
    {
        var results = SampleStudy.Create() with { Findings = [], Pictures = [], Charts = [] };
        SampleFolder.WriteFindings(folder.Path, results);

        var html = File.ReadAllText(ReportWriter.Write(folder.Path).Html);

        Assert.Contains("The study asked for no analysis", html);
        Assert.Contains("No run has a metrics.csv", html);
        Assert.DoesNotContain("id=\"pictures\"", html);
        Assert.Contains("wrn-40-2", html);
    }

    [Fact]
    public void Should_keep_headings_in_order()
    {
        var levels = Heading().Matches(OutsideScripts(Render(SampleStudy.Create()))).Select(match => match.Groups[1].Value[0] - '0').ToList();

        Assert.Single(levels, 1);
        Assert.Equal(1, levels[0]);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
    }

    [Fact]
    public void Should_give_every_table_a_caption_and_every_picture_a_text()
    {
        var markup = OutsideScripts(Render(SampleStudy.Create()));

        Assert.Equal(Count(markup, "<table"), Count(markup, "<caption"));
        Assert.Equal(Count(markup, "<img "), Count(markup, "alt=\""));
        Assert.DoesNotMatch("<th(?![^>]*scope=)[ >]", markup);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string OutsideScripts(string html) => ScriptElement().Replace(html, "");

    private string Render(StudyResults results)
    {
        SampleFolder.Write(folder.Path, results, epochs: 3);
        return File.ReadAllText(ReportWriter.Write(folder.Path).Html);
    }

    [GeneratedRegex("<script>")]
    private static partial Regex ExecutableScript();

    [GeneratedRegex("<script.*?</script>", RegexOptions.Singleline)]
    private static partial Regex ScriptElement();

    [GeneratedRegex("<img src=\"([^\"]*)\"")]
    private static partial Regex ImageSource();

    [GeneratedRegex("<h([1-6])[ >]")]
    private static partial Regex Heading();
}
