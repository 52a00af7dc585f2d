using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Statistics;

public sealed class VerdictRulesTests
{
    [Theory]
    [InlineData(0.01, 0.03, 0.01, 0.02, Verdict.Inherited)]
    [InlineData(0.01, 0.03, -0.01, 0.02, Verdict.Regularised)]
    [InlineData(0.01, 0.03, -0.03, -0.01, Verdict.Regularised)]
    [InlineData(0.01, 0.03, double.NaN, double.NaN, Verdict.Regularised)]
    [InlineData(-0.01, 0.03, 0.01, 0.02, Verdict.NotShown)]
    [InlineData(0, 0.03, 0.01, 0.02, Verdict.NotShown)]
    [InlineData(-0.03, -0.01, 0.01, 0.02, Verdict.Reversed)]
    [InlineData(double.NaN, double.NaN, 0.01, 0.02, Verdict.NotShown)]
    public void Should_Follow_The_Intervals(double low, double high, double otherLow, double otherHigh, Verdict expected)
    {
        Assert.Equal(expected, VerdictRules.Judge(Between(low, high), Between(otherLow, otherHigh)));
    }

    [Fact]
    public void Should_Need_The_Control_For_Inherited() =>
        Assert.Equal(Verdict.Regularised, VerdictRules.Judge(Between(0.01, 0.03), null));

    [Fact]
    public void Should_Not_Fail_A_Control_Where_Nothing_Is_Claimed()
    {
        var effect = Between(-0.02, 0.02);

        Assert.False(VerdictRules.NullIsAsLarge(Verdict.NotShown, effect, Between(0.1, 0.2)));
        Assert.True(VerdictRules.NullIsAsLarge(Verdict.Regularised, Between(0.01, 0.02), Between(-0.2, -0.1)));
    }

    [Fact]
    public void Should_Not_Judge_The_Null_By_One_Pair()
    {
        Assert.False(VerdictRules.NullLeavesOutZero(new Estimate(0.1, 0.05, 0.15, [0.1])));
        Assert.True(VerdictRules.NullLeavesOutZero(new Estimate(0.1, 0.05, 0.15, [0.08, 0.12])));
    }

    [Theory]
    [InlineData(Verdict.Inherited, true)]
    [InlineData(Verdict.Regularised, true)]
    [InlineData(Verdict.Reversed, true)]
    [InlineData(Verdict.NotShown, false)]
    [InlineData(Verdict.NotApplicable, false)]
    public void Should_Be_Preliminary_Beside_A_Failed_Null(Verdict verdict, bool preliminary)
    {
        var effect = Between(0.01, 0.03);

        Assert.Equal(preliminary, VerdictRules.WhyPreliminary(verdict, 3, effect, effect, Between(0.1, 0.2)).Count > 0);
        Assert.Empty(VerdictRules.WhyPreliminary(verdict, 3, effect, effect, Between(-0.1, 0.2)));
    }

    private static Estimate Between(double low, double high) => new((low + high) / 2, low, high, [low, high, (low + high) / 2]);
}
