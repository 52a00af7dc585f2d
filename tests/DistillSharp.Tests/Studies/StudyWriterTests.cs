using DistillSharp.Configuration;
using DistillSharp.Studies;
using FsCheck;
using FsCheck.Fluent;

namespace DistillSharp.Tests.Studies;

public class StudyWriterTests
{
    [Theory]
    [InlineData(StudyTexts.Full)]
    [InlineData(StudyTexts.Full + "\n  - localization: { name: early, student-layer: stage2 }\n  - fidelity: { name: again }")]
    [InlineData(StudyTexts.Small)]
    [InlineData(StudyTexts.Folder)]
    [InlineData(StudyTexts.Domains)]
    public void Should_write_a_study_that_reads_back_equal(string yaml)
    {
        StudyDefinition study = StudyTexts.ReadValid(yaml);

        string written = StudyWriter.ToYaml(study);
        StudyReadResult again = StudyTexts.Read(written);

        Assert.Equal(study, again.Study);
        Assert.Equal(study.GetHashCode(), again.Study!.GetHashCode());
        Assert.Empty(again.Notes);
        Assert.Equal(written, StudyWriter.ToYaml(again.Study));
    }

    [Fact]
    public void Should_write_every_default()
    {
        string written = StudyWriter.ToYaml(StudyTexts.ReadValid(StudyTexts.Small));

        Assert.Contains("  fingerprint: fashion-1\n", written, StringComparison.Ordinal);
        Assert.Contains("  train: 60000\n", written, StringComparison.Ordinal);
        Assert.Contains("    - independent\n", written, StringComparison.Ordinal);
        Assert.Contains("    - kl: { reduction: mean, temperature: 4, weight: 0.9 }\n", written, StringComparison.Ordinal);
        Assert.Contains("  optimizer: { name: sgd, learning-rate: 0.05, momentum: 0.9 }\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_write_the_options_of_the_data_that_have_a_value()
    {
        string folder = StudyWriter.ToYaml(StudyTexts.ReadValid(StudyTexts.Folder));
        Assert.Contains("data:\n  name: image-folder\n  path: \"/pictures\"\n  channels: 1\n  size: 32\n  skip-broken: false\n  fingerprint:", folder, StringComparison.Ordinal);
        string domains = StudyWriter.ToYaml(StudyTexts.ReadValid(StudyTexts.Domains));
        Assert.Contains("  held-out: [sketch, \"art painting\"]\n", domains, StringComparison.Ordinal);
        string unsized = StudyWriter.ToYaml(StudyTexts.ReadValid(StudyTexts.Folder.Replace(", size: 32", "", StringComparison.Ordinal)));
        Assert.DoesNotContain("size:", unsized.Replace("batch-size:", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_write_notes_as_comments_that_cannot_become_keys()
    {
        StudyDefinition study = StudyTexts.ReadValid(StudyTexts.Small);

        string written = StudyWriter.ToYaml(study, ["one\nstudy: other"]);

        Assert.StartsWith("# one study: other\n", written, StringComparison.Ordinal);
        Assert.Equal(study, StudyTexts.ReadValid(written));
    }

    [Fact]
    public void Should_keep_any_description_and_data_path()
    {
        StudyDefinition study = StudyTexts.ReadValid(StudyTexts.Small);
        Prop.ForAll<NonNull<string>>(text =>
        {
            StudyDefinition changed = study with { Description = text.Get, Data = study.Data with { Path = "/" + string.Concat(text.Get.Where(char.IsLetter)) } };
            return changed == StudyTexts.Read(StudyWriter.ToYaml(changed)).Study;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("012")]
    [InlineData("1e3")]
    [InlineData("")]
    [InlineData(" padded ")]
    [InlineData("a: b # c")]
    [InlineData("quote \" and \\ and \r\n\t\u0085\u2028 and 🙂")]
    public void Should_quote_what_YAML_would_read_as_something_else(string description)
    {
        StudyDefinition study = StudyTexts.ReadValid(StudyTexts.Small) with { Description = description };

        Assert.Equal(study, StudyTexts.ReadValid(StudyWriter.ToYaml(study)));
    }

    [Fact]
    public void Should_compare_definitions_by_the_values_of_their_options()
    {
        OptionSpec[] specs = [new("text", OptionKind.Text, null, "A text.")];
        var absent = new ModelDefinition("m", new OptionValues(specs));
        var word = new ModelDefinition("m", new OptionValues(specs, new Dictionary<string, object?> { ["text"] = "null" }));

        Assert.Equal(absent, new ModelDefinition("m", new OptionValues(specs)));
        Assert.NotEqual(absent, word);
        Assert.False(new OptimizerDefinition("m", absent.Options).Equals(new ScheduleDefinition("m", absent.Options)));
    }
}
