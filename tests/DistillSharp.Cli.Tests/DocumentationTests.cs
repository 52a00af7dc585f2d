using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DistillSharp.Cli.Tests.Support;
using DistillSharp.Studies;
using Spectre.Console;

namespace DistillSharp.Cli.Tests;

/// <summary>The documents say what is there: examples are the tested ones, links lead somewhere, commands exist.</summary>
public partial class DocumentationTests
{
    private static readonly string Root = Repository.Root;

    /// <summary>Every Markdown file of the repository, relative to its root.</summary>
    public static TheoryData<string> Documents => [.. DocumentPaths()];

    [Fact]
    public void Should_show_the_ten_line_example_as_it_is_built()
    {
        string expected = Read("examples/ten-lines/Program.cs");

        Assert.Equal(expected.TrimEnd(), Blocks(Read("README.md")).First(b => b.Language == "csharp").Text.TrimEnd());
    }

    [Fact]
    public void Should_show_a_study_that_can_run()
    {
        string yaml = Blocks(Read("README.md")).First(b => b.Language == "yaml").Text;
        using var catalog = new StudyCatalog();

        StudyReadResult read = StudyReader.Parse(Encoding.UTF8.GetBytes(yaml), Path.Combine(Root, "README.yaml"), catalog);

        Assert.Empty(read.Problems);
        Assert.Empty(read.Warnings);
        Assert.True(read.IsValid);
    }

    [Fact]
    public void Should_list_the_methods_as_they_are()
    {
        Ended written = DistillProcess.Run("methods", "--format", "markdown").Expect(ExitCodes.Done);

        Assert.True(written.Output.TrimEnd() == Read("docs/methods.md").TrimEnd(), "docs/methods.md is not what 'distill methods --format markdown' writes: run './distill methods --format markdown > docs/methods.md'.");
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Should_link_to_what_exists(string document)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Root, document))!;
        var broken = new List<string>();
        foreach (string link in Links(Read(document)))
        {
            (string path, string anchor) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, "");
            string target = path.Length == 0 ? Path.Combine(Root, document) : Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(path)));
            if (!File.Exists(target) && !Directory.Exists(target))
            {
                broken.Add($"{link}: there is no {Path.GetRelativePath(Root, target)}");
            }
            else if (anchor.Length > 0 && target.EndsWith(".md", StringComparison.Ordinal) && !Anchors(File.ReadAllText(target)).Contains(anchor))
            {
                broken.Add($"{link}: {Path.GetRelativePath(Root, target)} has no heading '{anchor}'");
            }
        }

        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Should_name_commands_that_exist(string document)
    {
        RootCommand root = DistillCommand.Build(AnsiConsole.Console, TextWriter.Null);
        var unknown = new List<string>();
        foreach (Match mention in Commands().Matches(Code(Read(document))))
        {
            Command command = root;
            foreach (string word in mention.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (command.Subcommands.Count == 0)
                {
                    // What follows is the command's own argument.
                    break;
                }

                if (command.Subcommands.FirstOrDefault(c => c.Name == word) is not { } found)
                {
                    unknown.Add(mention.Value);
                    break;
                }

                command = found;
            }
        }

        Assert.True(unknown.Count == 0, $"There is no such command: {string.Join("; ", unknown)}");
    }

    [Fact]
    public void Should_explain_every_exit_code()
    {
        var explained = ExitCodeRows().Matches(Read("docs/command-line.md"))
            .Select(row => int.Parse(row.Groups["code"].Value, CultureInfo.InvariantCulture))
            .ToHashSet();

        Assert.Empty(ExitCodes.All.Select(e => e.Code).Except(explained));
    }

    [Fact]
    public void Should_list_every_document_in_the_index()
    {
        HashSet<string> listed = [.. new[] { "docs/README.md", "docs/decisions/README.md" }.SelectMany(Targets)];

        Assert.Empty(DocumentPaths().Where(d => d.StartsWith("docs/", StringComparison.Ordinal)).Except(listed).Except(["docs/README.md"]));
    }

    private static IEnumerable<string> Targets(string document)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Root, document))!;
        return Links(Read(document)).Select(l => Path.GetRelativePath(Root, Path.GetFullPath(Path.Combine(folder, l.Split('#')[0]))).Replace('\\', '/'));
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Not what is built, installed or written by studies.</summary>
    private static IEnumerable<string> DocumentPaths()
    {
        var open = new Stack<DirectoryInfo>([new DirectoryInfo(Root)]);
        var paths = new List<string>();
        while (open.TryPop(out DirectoryInfo? folder))
        {
            paths.AddRange(folder.EnumerateFiles("*.md").Select(f => Path.GetRelativePath(Root, f.FullName).Replace('\\', '/')));
            foreach (DirectoryInfo child in folder.EnumerateDirectories())
            {
                bool written = child.Name is "bin" or "obj" or "node_modules" or "TestResults" || child.Name.StartsWith('.')
                    || (child.Name == "results" && folder.FullName == Root);
                if (!written)
                {
                    open.Push(child);
                }
            }
        }

        return paths.Order(StringComparer.Ordinal);
    }

    private static IEnumerable<(string Language, string Text)> Blocks(string markdown) =>
        Fences().Matches(markdown).Select(m => (m.Groups["language"].Value, m.Groups["text"].Value));

    /// <summary>Links and pictures to files of the repository; not those to the web.</summary>
    private static IEnumerable<string> Links(string markdown)
    {
        string prose = InlineCode().Replace(Fences().Replace(markdown, ""), "");
        return MarkdownLinks().Matches(prose).Concat(HtmlPictures().Matches(prose))
            .Select(m => m.Groups["target"].Value)
            .Where(t => !WebAddress().IsMatch(t));
    }

    /// <summary>Code blocks that are no program or study, and code within sentences.</summary>
    private static string Code(string markdown) => string.Join(
        '\n',
        Blocks(markdown).Where(b => b.Language is not ("csharp" or "yaml")).Select(b => b.Text)
            .Concat(InlineCode().Matches(Fences().Replace(markdown, "")).Select(m => m.Groups["code"].Value)));

    /// <summary>What headings are called in links: lower case, without punctuation, with hyphens for spaces.</summary>
    private static HashSet<string> Anchors(string markdown) =>
        [.. Headings().Matches(Fences().Replace(markdown, ""))
            .Select(m => new string([.. m.Groups["text"].Value.Trim().ToLowerInvariant()
                .Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')
                .Select(c => c == ' ' ? '-' : c)]))];

    [GeneratedRegex(@"^ *```(?<language>[\w-]*)[^\n]*\n(?<text>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex("`(?<code>[^`\n]+)`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)(?:\s+""[^""]*"")?\)")]
    private static partial Regex MarkdownLinks();

    [GeneratedRegex(@"<(?:img|source)[^>]*\ssrc(?:set)?=""(?<target>[^""]+)""")]
    private static partial Regex HtmlPictures();

    [GeneratedRegex("^[a-z][a-z+.-]*:")]
    private static partial Regex WebAddress();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"(?<![\w/.-])(?:\./)?distill(?<words>(?: [a-z][a-z-]*)+)")]
    private static partial Regex Commands();

    [GeneratedRegex(@"^\| *(?<code>\d+) *\|", RegexOptions.Multiline)]
    private static partial Regex ExitCodeRows();
}
