using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Statistics;

public sealed class HierarchicalBootstrapTests
{
    /// <summary>
    /// 400 images stand for 10,000: image-level deviations are divided by 5, so the variance of the mean is the same.
    /// The bounds hold the nominal 95 % less two standard deviations of 500 repetitions (2 points) below, four where images alone rule, and conservative cases above.
    /// </summary>
    [Theory]
    [InlineData(3, 0.010, 0.02, 0.06, 0.93, 0.975)]
    [InlineData(5, 0.010, 0.02, 0.06, 0.93, 0.975)]
    [InlineData(10, 0.010, 0.02, 0.06, 0.93, 0.975)]
    [InlineData(3, 0.003, 0.03, 0.06, 0.93, 1.0)]
    [InlineData(5, 0.003, 0.03, 0.06, 0.93, 0.99)]
    [InlineData(10, 0.003, 0.03, 0.06, 0.93, 0.99)]
    [InlineData(3, 0.0005, 0.06, 0.02, 0.91, 0.98)]
    [InlineData(5, 0.0005, 0.06, 0.02, 0.91, 0.98)]
    [InlineData(10, 0.0005, 0.06, 0.02, 0.91, 0.98)]
    [InlineData(3, 0, 0, 0.06, 0.94, 1.0)]
    public void Should_Cover_The_Truth_About_As_Often_As_Stated(
        int seeds, double bySeed, double byImage, double rest, double atLeast, double atMost)
    {
        const int repetitions = 500;
        const double truth = 0.02;
        var simulation = new Simulation(11);
        var covered = 0;
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var scores = simulation.Crossed(seeds, 400, truth, bySeed, byImage, rest);
            var estimate = new HierarchicalBootstrap(400, (ulong)repetition).Estimate(CrossedMean.OfScores(scores));
            covered += estimate.Low <= truth && truth <= estimate.High ? 1 : 0;
        }

        Assert.InRange(covered / (double)repetitions, atLeast, atMost);
    }

    [Fact]
    public void Should_Cover_Where_The_Plain_Percentile_Interval_Does_Not()
    {
        const int repetitions = 200;
        var simulation = new Simulation(12);
        var random = new Random(13);
        int covered = 0, coveredByPlain = 0;
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var scores = simulation.Crossed(3, 100, 0, bySeed: 0.01, byImage: 0.01, rest: 0.03);
            var estimate = new HierarchicalBootstrap(400, (ulong)repetition).Estimate(CrossedMean.OfScores(scores));
            var plain = PlainBootstrap.Interval(scores, stretch: 1, resamples: 400, random);
            covered += estimate.Low <= 0 && 0 <= estimate.High ? 1 : 0;
            coveredByPlain += plain.Low <= 0 && 0 <= plain.High ? 1 : 0;
        }

        Assert.InRange(coveredByPlain / (double)repetitions, 0.6, 0.88);
        Assert.InRange(covered / (double)repetitions, 0.92, 0.99);
    }

    [Fact]
    public void Should_Cover_Zero_For_Pairs_Of_Independent_Students_That_Share_Members()
    {
        const int repetitions = 400;
        var simulation = new Simulation(14);
        var covered = 0;
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var scores = simulation.Crossed(5, 200, 0, bySeed: 0.01, byImage: 0.02, rest: 0.03);
            var pairs = new List<NullPair>();
            for (var first = 0; first < 5; first++)
            {
                for (var second = first + 1; second < 5; second++)
                {
                    pairs.Add(new NullPair(first, second, scores[first], scores[second]));
                }
            }

            var estimate = new HierarchicalBootstrap(400, (ulong)repetition).Estimate(CrossedMean.OfNullPairs(pairs));
            covered += estimate.Low <= 0 && 0 <= estimate.High ? 1 : 0;
        }

        Assert.InRange(covered / (double)repetitions, 0.92, 0.995);
    }

    [Fact]
    public void Should_Equal_The_T_Interval_Where_Only_Seeds_Vary()
    {
        double[][] scores = [.. new[] { 0.1, 0.2, 0.4 }.Select(value => Enumerable.Repeat(value, 50).ToArray())];

        var estimate = new HierarchicalBootstrap().Estimate(CrossedMean.OfScores(scores));
        var expected = SeedInterval.Of([0.1, 0.2, 0.4]);

        // Half-width of t with 2 degrees of freedom: 4.303 standard errors, to 1 % by the 2,000 slices.
        Assert.Equal(expected.Mean, estimate.Mean, 1e-12);
        Assert.Equal(expected.Low, estimate.Low, 0.01 * (expected.High - expected.Low));
        Assert.Equal(expected.High, estimate.High, 0.01 * (expected.High - expected.Low));
        Assert.Equal(4.3027 * Math.Sqrt(0.07 / 3 / 3), expected.High - expected.Mean, 1e-4);
    }

    [Fact]
    public void Should_Use_The_Images_Alone_With_One_Seed()
    {
        var scores = new Simulation(15).Crossed(1, 1000, 0, 0, 0, rest: 1);

        var estimate = new HierarchicalBootstrap(4000).Estimate(CrossedMean.OfScores(scores));

        // The standard error of a mean of 1,000 unit normals is 0.0316; 4,000 resamples give the width to about 3 %.
        Assert.Equal(2 * 1.96 * 0.0316, estimate.High - estimate.Low, 0.008);
    }

    [Fact]
    public void Should_Give_The_Same_Bits_For_The_Same_Seed_And_Others_For_Another()
    {
        var mean = CrossedMean.OfScores(new Simulation(16).Crossed(3, 301, 0, 0.1, 0.3, 1));

        var first = new HierarchicalBootstrap(seed: 5).Estimate(mean);
        var second = new HierarchicalBootstrap(seed: 5).Estimate(mean);
        var other = new HierarchicalBootstrap(seed: 6).Estimate(mean);

        Assert.Equal(first.Low, second.Low);
        Assert.Equal(first.High, second.High);
        Assert.NotEqual(first.Low, other.Low);
        Assert.Equal(first.Low, other.Low, 0.1 * (first.High - first.Low));
    }

    [Fact]
    public void Should_Give_A_Mean_The_Same_Interval_Alone_And_In_Company()
    {
        var simulation = new Simulation(17);
        var first = CrossedMean.OfScores(simulation.Crossed(3, 200, 0, 0.1, 0.3, 1));
        var second = CrossedMean.OfScores(simulation.Crossed(2, 200, 0, 0.1, 0.3, 1));

        var together = new HierarchicalBootstrap().Estimate([first, second]);

        Assert.Equal(new HierarchicalBootstrap().Estimate(first).Low, together[0].Low);
        Assert.Equal(new HierarchicalBootstrap().Estimate(second).High, together[1].High);
    }

    [Fact]
    public void Should_Not_Trust_Seeds_That_Agree_By_Chance()
    {
        // Each seed gains on one image of five, another image each time: the seeds' means agree exactly.
        double[][] scores = [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, 0]];

        var estimate = new HierarchicalBootstrap().Estimate(CrossedMean.OfScores(scores));

        Assert.Equal(0.2, estimate.Mean, 1e-12);
        Assert.True(estimate.High - estimate.Low > 0.2);
    }

    [Fact]
    public void Should_Give_NaN_Without_Values()
    {
        var estimate = new HierarchicalBootstrap().Estimate(CrossedMean.OfScores(Simulation.Constant(2, 4, double.NaN)));

        Assert.True(double.IsNaN(estimate.Mean) && double.IsNaN(estimate.Low) && double.IsNaN(estimate.High));
    }

    [Fact]
    public void Should_Refuse_Means_Over_Different_Images()
    {
        var first = CrossedMean.OfScores(Simulation.Constant(2, 4, 1));
        var second = CrossedMean.OfScores(Simulation.Constant(2, 5, 1));

        var error = Assert.Throws<ArgumentException>(() => new HierarchicalBootstrap().Estimate([first, second]));
        Assert.Contains("4 and 5 images", error.Message, StringComparison.Ordinal);
    }
}
