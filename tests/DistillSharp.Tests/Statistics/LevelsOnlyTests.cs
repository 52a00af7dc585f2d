using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Statistics;

public sealed class LevelsOnlyTests
{
    private const int Images = 400;

    private static readonly FindingTexts Texts = new()
    {
        Analysis = "fidelity",
        Measure = "agreement-test",
        Title = "Agreement",
        Question = "Does the student answer as the teacher does?",
        Unit = "share",
        Method = "kd",
    };

    [Fact]
    public void Should_Give_Levels_And_No_Verdict_Where_There_Is_No_Independent_Student()
    {
        var simulation = new Simulation(5);
        double[] ease = simulation.Ease(Images, 1);
        var scores = new FindingScores { Seeds = [1, 2, 3], StudentOwn = simulation.Hits(3, ease, 1.5, 0.03), IndependentOwn = [], StudentOther = simulation.Hits(3, ease, 1, 0.03), Teacher = 1 };

        Finding finding = new FindingBuilder().Build(Texts, scores);

        Assert.Equal(Verdict.NotApplicable, finding.Verdict);
        Assert.Null(finding.Independent);
        Assert.Null(finding.Null);
        Assert.Null(finding.Effect);
        Assert.Null(finding.OwnMinusOther);
        Assert.Equal(1, finding.Teacher);
        Assert.EndsWith(LevelsOnly.Missing, finding.Reason, StringComparison.Ordinal);
        Assert.Contains("with respect to the other teacher", finding.Reason, StringComparison.Ordinal);

        // The level is that of the scores alone, with the interval that it would have anywhere.
        Estimate expected = new HierarchicalBootstrap().Estimate(CrossedMean.OfScores(scores.StudentOwn));
        Assert.Equal((expected.Mean, expected.Low, Math.Min(1, expected.High)), (finding.Student!.Mean, finding.Student.Low, finding.Student.High));
        Assert.Equal(3, finding.Student.PerSeed.Count);
        Assert.True(finding.OtherTeacher!.Mean < finding.Student.Mean);
    }

    [Fact]
    public void Should_Keep_The_Reason_That_An_Analysis_Gives()
    {
        var scores = new FindingScores { Seeds = [1], StudentOwn = [Enumerable.Repeat(0.5, Images).ToArray()], IndependentOwn = [], NotApplicableReason = "The teacher knows nothing." };

        Finding finding = new FindingBuilder().Build(Texts, scores);

        Assert.Equal("The teacher knows nothing.", finding.Reason);
        Assert.Equal(0.5, finding.Student!.Mean);
        Assert.Contains(finding.Notes, n => n.StartsWith("One student:", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_Take_Out_Seeds_Without_Images_And_Name_Them()
    {
        double[] nothing = [.. Enumerable.Repeat(double.NaN, Images)], half = [.. Enumerable.Range(0, Images).Select(i => i % 2 == 0 ? 1.0 : 0)];

        Finding finding = new FindingBuilder().Build(Texts, new FindingScores { Seeds = [4, 5, 6], StudentOwn = [half, nothing, half], IndependentOwn = [] });

        Assert.Equal([4, 6], finding.Seeds);
        Assert.Equal([0.5, 0.5], finding.Student!.PerSeed);
        Assert.Contains(finding.Notes, n => n.Contains("seed 5", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_Have_No_Level_Of_A_Single_Image()
    {
        Finding finding = new FindingBuilder().Build(Texts, new FindingScores { Seeds = [1], StudentOwn = [[1, double.NaN, double.NaN]], IndependentOwn = [] });

        Assert.Null(finding.Student);
        Assert.Equal(Verdict.NotApplicable, finding.Verdict);
        Assert.StartsWith("Too few images", finding.Reason, StringComparison.Ordinal);
    }
}
