using System.Diagnostics;
using DistillSharp.Cli.Tests.Support;

namespace DistillSharp.Cli.Tests;

/// <summary>The same study gives the same results, and nothing is done twice.</summary>
public sealed class RepeatTests
{
    [Fact]
    public void Should_Give_Equal_Results_Twice_And_Do_Nothing_Again_Once_Finished()
    {
        using var study = new TinyStudy();
        string file = study.Write(analyses: "[fidelity, { localization: { images: 24 } }]");
        DistillProcess.Run("study", "run", file, "-o", study["first"]).Expect(ExitCodes.Done);
        DistillProcess.Run("study", "run", file, "-o", study["second"]).Expect(ExitCodes.Done);
        Results.Same(study["first"], study["second"]);

        Dictionary<string, DateTime> before = Results.Times(study["first"]);
        string findings = Results.Findings(study["first"]);
        long began = Stopwatch.GetTimestamp();
        Ended again = DistillProcess.Run("study", "run", file, "-o", study["first"]).Expect(ExitCodes.Done);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 20);
        Assert.Equal(before, Results.Times(study["first"]));
        Assert.Equal(findings, Results.Findings(study["first"]));
        Assert.DoesNotContain("Training", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Measuring", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Train_Only_What_Was_Added()
    {
        using var study = new TinyStudy();
        string few = study.Write("few.yaml", methods: "[independent, hint]", analyses: "[fidelity]");
        string more = study.Write("more.yaml", methods: "[kl, independent, hint]", analyses: "[fidelity]");
        DistillProcess.Run("study", "run", few, "-o", study["grown"]).Expect(ExitCodes.Done);
        Dictionary<string, DateTime> before = Results.Times(study["grown"]);
        Ended grown = DistillProcess.Run("study", "run", more, "-o", study["grown"]).Expect(ExitCodes.Done);
        Assert.Contains("4 of 6 student runs are finished already", grown.Output, StringComparison.Ordinal);
        Dictionary<string, DateTime> after = Results.Times(study["grown"]);
        Assert.All(before, file => Assert.Equal(file.Value, after[file.Key]));

        DistillProcess.Run("study", "run", more, "-o", study["at-once"]).Expect(ExitCodes.Done);
        Results.SameRuns(study["at-once"], study["grown"]);
        Assert.Equal(Results.Findings(study["at-once"]), Results.Findings(study["grown"]));
    }

    [Theory]
    [InlineData("[{ model: convnet, widths: [8, 16] }]", "[kl]", "[]", "[0]")]
    [InlineData("[]", "[independent]", "[]", "[0]")]
    public void Should_Run_Without_Analyses_Or_Teachers_And_With_One_Seed(string teachers, string methods, string analyses, string seeds)
    {
        using var study = new TinyStudy();
        string file = study.Write(teachers: teachers, methods: methods, analyses: analyses, seeds: seeds);
        DistillProcess.Run("study", "run", file, "-o", study["results"]).Expect(ExitCodes.Done);
        DistillProcess.Run("study", "show", study["results"]).Expect(ExitCodes.Done);
        Assert.True(File.Exists(Path.Combine(study["results"], "report.html")));
    }
}
