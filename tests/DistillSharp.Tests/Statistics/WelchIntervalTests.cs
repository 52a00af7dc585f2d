using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Statistics;

public sealed class WelchIntervalTests
{
    /// <summary>Reference: Welch's formulas with the quantile from Simpson's rule over t's density, 20,000 steps; absolute 1e-6.</summary>
    [Theory]
    [InlineData(new[] { 1.0, 2, 3, 4, 5 }, new[] { 2.0, 4, 6, 8, 10 }, -3, 5.882352941176, -6.887741643737, 0.887741643737)]
    [InlineData(new[] { 0.10, 0.14 }, new[] { 0.02, 0.05, 0.03 }, 0.086666666667, 1.400227186672, -0.058806758609, 0.232140091942)]
    [InlineData(new[] { 0.10, double.NaN, 0.14 }, new[] { 0.02, 0.05, 0.03, double.NaN }, 0.086666666667, 1.400227186672, -0.058806758609, 0.232140091942)]
    public void Should_Weigh_Each_Sample_By_Its_Own_Spread(double[] first, double[] second, double mean, double freedom, double low, double high)
    {
        (Estimate difference, double degrees) = WelchInterval.Of(first, second);

        Assert.Equal(mean, difference.Mean, 1e-6);
        Assert.Equal(freedom, degrees, 1e-6);
        Assert.Equal(low, difference.Low, 1e-6);
        Assert.Equal(high, difference.High, 1e-6);
        (Estimate turned, _) = WelchInterval.Of(second, first);
        Assert.Equal((-difference.High, -difference.Low), (turned.Low, turned.High));
    }

    [Fact]
    public void Should_Have_No_Ends_Where_A_Sample_Shows_No_Spread_And_No_Width_Where_All_Are_Equal()
    {
        (Estimate one, double freedom) = WelchInterval.Of([0.1], [0.2, 0.3]);
        Assert.Equal(-0.15, one.Mean, 1e-12);
        Assert.True(double.IsNaN(one.Low) && double.IsNaN(one.High) && double.IsNaN(freedom));
        Assert.True(double.IsNaN(WelchInterval.Of([], [0.2, 0.3]).Difference.Mean));

        (Estimate equal, double degrees) = WelchInterval.Of([1, 1], [2, 2, 2]);
        Assert.Equal((-1, -1, -1, 3), (equal.Mean, equal.Low, equal.High, degrees));
    }

    /// <summary>Coverage: 2,000 pairs of samples of 3 and 6 with deviations 1 and 3; one standard deviation of the share is 0.5 points.</summary>
    [Fact]
    public void Should_Hold_The_True_Difference_As_Often_As_It_Says()
    {
        var random = new Random(5);
        double Normal(double deviation) => deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] Sample(int count, double deviation) => [.. Enumerable.Range(0, count).Select(_ => Normal(deviation))];

        int held = Enumerable.Range(0, 2000).Count(_ => WelchInterval.Of(Sample(3, 1), Sample(6, 3)).Difference is { Low: <= 0, High: >= 0 });

        Assert.InRange(held / 2000.0, 0.93, 0.97);
    }
}
