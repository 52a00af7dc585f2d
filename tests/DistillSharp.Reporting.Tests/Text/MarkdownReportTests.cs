using System.Net;
using System.Text.RegularExpressions;
using DistillSharp.Reporting.Tests.Samples;

namespace DistillSharp.Reporting.Tests.Text;

public sealed partial class MarkdownReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_say_what_the_page_says()
    {
        var results = SampleStudy.Create();
        SampleFolder.Write(folder.Path, results);
        var files = ReportWriter.Write(folder.Path);
        var markdown = Plain(File.ReadAllText(files.Markdown));
        var page = WebUtility.HtmlDecode(File.ReadAllText(files.Html));

        // Every word and number in the page's tables of findings and models stands in the text as well.
        var first = page.IndexOf("id=\"findings\"", StringComparison.Ordinal);
        var last = page.IndexOf("id=\"charts\"", StringComparison.Ordinal);
        var cells = Cell().Matches(page[first..last]).Select(match => Tag().Replace(match.Groups[1].Value, " ").Trim())
            .Where(text => text.Length > 0 && !text.StartsWith("seed ", StringComparison.Ordinal));
        Assert.All(cells.SelectMany(cell => Spaces().Split(cell)), word => Assert.Contains(word, markdown));
        Assert.All(results.Findings, finding => Assert.Contains(finding.Reason, markdown));
        Assert.All(results.Findings.SelectMany(finding => finding.Notes), note => Assert.Contains(note, markdown));
        Assert.All(results.Environment.Entries, entry => Assert.Contains($"| {entry.Name} | {entry.Value} |", markdown));
        Assert.Contains(results.Command, markdown);
    }

    [Fact]
    public void Should_put_verdicts_first()
    {
        var markdown = Write();

        Assert.True(markdown.IndexOf("## What was inherited", StringComparison.Ordinal) < markdown.IndexOf("## Findings in full", StringComparison.Ordinal));
        Assert.Contains("| kd | ● Inherited | +3.1\u00A0points \\[+2.2, +4.0\\] |", markdown);
        Assert.Contains("| kd | ● Inherited, preliminary |", markdown);
    }

    [Fact]
    public void Should_link_pictures_that_are_there()
    {
        var links = PictureLink().Matches(Write()).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(15, links.Count);
        Assert.All(links, link => Assert.True(File.Exists(folder[link]), link));
    }

    [Fact]
    public void Should_keep_tables_whole_and_markup_inert()
    {
        var sample = SampleStudy.Create();
        SampleFolder.Write(folder.Path, sample with
        {
            Study = "a <b> | [link](x) `code`",
            Findings = [.. sample.Findings.Select(finding => finding with { Reason = "one | two\n# three <img>" })],
        });

        var markdown = File.ReadAllText(ReportWriter.Write(folder.Path).Markdown);

        Assert.StartsWith("# a &lt;b&gt; \\| \\[link\\](x) \\`code\\`\n", markdown);
        Assert.Contains("| one \\| two \\# three &lt;img&gt; |", markdown);
        Assert.DoesNotContain("<img>", markdown);
    }

    private string Write()
    {
        SampleFolder.Write(folder.Path, SampleStudy.Create());
        return File.ReadAllText(ReportWriter.Write(folder.Path).Markdown);
    }

    private static string Plain(string markdown) => WebUtility.HtmlDecode(Escaped().Replace(markdown, "$1"));

    [GeneratedRegex("<t[dh][^>]*>(.*?)</t[dh]>", RegexOptions.Singleline)]
    private static partial Regex Cell();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"[ \r\n]+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"!\[[^\]]*\]\(([^)]*)\)")]
    private static partial Regex PictureLink();

    [GeneratedRegex(@"\\([\\`*_\[\]|~#!])")]
    private static partial Regex Escaped();
}
