using System.Text;
using DistillSharp.Studies;

namespace DistillSharp.Tests.Studies;

/// <summary>Files that are no study at all.</summary>
public sealed class StudyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("distill-study-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "found an empty file")]
    [InlineData("# only a comment\n", "found an empty file")]
    [InlineData("~", "found an empty file")]
    [InlineData("- a\n- b\n", "expected a mapping with the keys study, description")]
    [InlineData("hello", "found 'hello'")]
    [InlineData("study: [a\nb: c", "not valid YAML")]
    [InlineData("study: \"a", "not valid YAML")]
    [InlineData("- : !!data", "not valid YAML")]
    [InlineData("study: a\0\nb: c", "control character U+0000")]
    public void Should_say_why_a_text_is_no_study(string text, string words)
    {
        StudyProblem problem = Assert.Single(StudyTexts.Read(text).Problems);

        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.True(problem.Line >= 1 && problem.Column >= 1);
    }

    [Theory]
    [InlineData("study: &a x\ndescription: *a", "description", "found the alias '*a'")]
    [InlineData("study: !!str x", "study", "found the tag")]
    [InlineData("study: x\n? [a, b]\n: c", "", "expected a key that is a word")]
    [InlineData("study:\n  x: { a: 1 }*a\ndata: b", "", "not valid YAML")]
    [InlineData("study: x\n---\nstudy: y", "", "found a second one")]
    public void Should_refuse_what_studies_do_not_use(string text, string path, string words)
    {
        Assert.Contains(StudyTexts.Read(text).Problems, p => p.Path == path && p.Message.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Should_place_a_syntax_error()
    {
        StudyProblem problem = Assert.Single(StudyTexts.Read("study: a\ndata: {name: b\nbudget: }").Problems);

        Assert.Equal(3, problem.Line);
    }

    [Fact]
    public void Should_refuse_aliases_of_aliases_at_once()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 40; i++)
        {
            bomb.Append($"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        }

        Assert.Contains(StudyTexts.Read(bomb.ToString()).Problems, p => p.Message.Contains("found the alias", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("- ")]
    [InlineData("{a: ")]
    [InlineData("? ")]
    public void Should_refuse_endless_nesting(string opening)
    {
        string text = string.Concat(Enumerable.Repeat(opening, 100_000));

        Assert.Contains(StudyTexts.Read(text).Problems, p => p.Message.Contains("nested more than 32 levels", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_place_a_byte_that_is_not_UTF_8()
    {
        StudyReadResult result = StudyReader.Parse([.. "study: a\nb: "u8, 0xFF], "study.yaml", new FakeCatalog());

        StudyProblem problem = Assert.Single(result.Problems);
        Assert.Equal((2, 4), (problem.Line, problem.Column));
        Assert.Contains("found the byte 0xFF", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_keep_messages_short_whatever_the_file_holds()
    {
        string text = $"{new string('k', 900)}: {new string('v', 100_000)}";

        Assert.All(StudyTexts.Read(text).Problems, p => Assert.True(p.Message.Length < 500));
    }

    [Fact]
    public void Should_read_a_file()
    {
        string path = Path.Combine(_folder, "study.yaml");
        File.WriteAllText(path, StudyTexts.Full.Replace("train: 12000", "path: images", StringComparison.Ordinal));

        StudyReadResult result = StudyReader.Read(path, new FakeCatalog());

        Assert.Equal(Path.Combine(_folder, "images"), result.Study!.Data.Path);
    }

    [Fact]
    public void Should_refuse_a_file_of_more_than_1_MiB()
    {
        string path = Path.Combine(_folder, "large.yaml");
        File.WriteAllBytes(path, new byte[(1 << 20) + 1]);

        Assert.Contains("at most 1 MiB", Assert.Single(StudyReader.Read(path, new FakeCatalog()).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_name_a_file_that_is_missing()
    {
        string path = Path.Combine(_folder, "none", "study.yaml");

        StudyProblem problem = Assert.Single(StudyReader.Read(path, new FakeCatalog()).Problems);

        Assert.Equal($"{path}: expected a study (a YAML file), found no such file.", problem.ToString());
    }

    [Fact]
    public void Should_say_that_a_folder_is_no_study()
    {
        Assert.Contains("found a folder", Assert.Single(StudyReader.Read(_folder, new FakeCatalog()).Problems).Message, StringComparison.Ordinal);
    }
}
