using DistillSharp.Cli.Tests.Support;

namespace DistillSharp.Cli.Tests;

/// <summary>A wrong study is answered with every problem and its place, and nothing is written.</summary>
public sealed class WrongStudyTests
{
    [Theory]
    [InlineData("epochs:", "epoch:", @"study\.yaml:9:11: budget\.epoch: .*Did you mean 'epochs'")]
    [InlineData("epochs: 2", "epochs: two", @"study\.yaml:9:19: budget\.epochs: expected a whole number .* found 'two'")]
    [InlineData("path: data", "path: nowhere", @"study\.yaml:2:26: data\.path: .*nowhere")]
    [InlineData("hint", "{ hint: { student-layer: stage9 } }", @"study\.yaml:8:\d+: .*stage9.*'stage1'")]
    [InlineData("hint", "{ hint: { label-weight: 0 } }", @"study\.yaml:8:\d+: .*label-weight")]
    [InlineData("batch-size: 32", "batch-size: 193", @"study\.yaml:9:\d+: budget\.batch-size: .*193")]
    [InlineData("widths: [4, 8]", "widths: [4, 8, 16, 32, 64, 128]", @"study\.yaml:\d+:\d+: students")]
    public void Should_Name_The_Place_And_Write_Nothing(string right, string wrong, string message)
    {
        using var study = new TinyStudy();
        string file = study.Write(methods: "[independent, kl, hint]");
        string text = File.ReadAllText(file);
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(right, wrong, StringComparison.Ordinal));
        Ended ended = DistillProcess.Run("study", "run", file, "-o", study["results"]).Expect(ExitCodes.WrongRequest);
        Assert.Matches(message, ended.Errors);
        Assert.Contains("nothing was run", ended.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(study["results"]));
    }
}
