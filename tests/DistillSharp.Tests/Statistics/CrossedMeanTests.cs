using DistillSharp.Statistics;

namespace DistillSharp.Tests.Statistics;

public sealed class CrossedMeanTests
{
    [Fact]
    public void Should_Pair_Only_Images_Present_In_Both()
    {
        double[][] student = [[1, 1, double.NaN, 0]];
        double[][] independent = [[0, double.NaN, 1, 0]];

        var difference = CrossedMean.OfDifferences(student, independent);

        Assert.Equal(0.5, difference.Mean);
        Assert.Equal(2, difference.ImagesPerSeed[0]);
        Assert.Equal(
            difference.Mean,
            CrossedMean.OfScores(student, independent).Mean - CrossedMean.OfScores(independent, student).Mean);
    }

    [Fact]
    public void Should_Leave_Out_A_Seed_Without_Images()
    {
        double[][] scores = [[1, 1], [double.NaN, double.NaN], [0, 1]];

        var mean = CrossedMean.OfScores(scores);

        Assert.Equal(0.75, mean.Mean);
        Assert.Equal(2, mean.SeedsUsed);
        Assert.Equal(2, mean.Images);
        Assert.True(double.IsNaN(mean.PerSeed[1]));
        Assert.Equal(0, mean.ImagesPerSeed[1]);
    }

    [Fact]
    public void Should_Weigh_Seeds_Equally_Whatever_Their_Number_Of_Images()
    {
        double[][] scores = [[1, 1, 1, 1], [0, double.NaN, double.NaN, double.NaN]];

        Assert.Equal(0.5, CrossedMean.OfScores(scores).Mean);
    }

    [Fact]
    public void Should_Split_The_Variance_Into_Seeds_And_Images()
    {
        // Simulated parts (the bounds hold 99.8 % of a chi-squared with 9 degrees of freedom): 0.04^2 / 10 between seeds, and 1 / 4000 shared through images.
        var scores = new Simulation(21).Crossed(10, 4000, 0, bySeed: 0.04, byImage: 1, rest: 0.5);

        var mean = CrossedMean.OfScores(scores);

        Assert.Equal(1.0 / 4000, mean.ImageVariance, 0.1 / 4000);
        Assert.InRange(mean.SeedVariance, 0.12 * 0.00016, 3.1 * 0.00016);
        Assert.Equal(9, mean.SeedDegreesOfFreedom);
    }

    [Fact]
    public void Should_Turn_The_Difference_Round()
    {
        double[][] first = [[1, 2], [3, 5]];
        double[][] second = [[0, 1], [1, 1]];

        Assert.Equal(2, CrossedMean.OfDifferences(first, second).Mean);
        Assert.Equal(-2, CrossedMean.OfDifferences(first, second, sign: -1).Mean);
    }

    [Fact]
    public void Should_Compare_Two_Differences_On_Different_Images()
    {
        double[][] zero = [[0, 0, 0, 0]];
        double[][] own = [[1, 1, double.NaN, double.NaN]];
        double[][] other = [[double.NaN, 0.5, 0.5, 0]];

        var mean = CrossedMean.OfDifferenceOfDifferences(own, zero, other, zero);

        Assert.Equal(1 - (1 / 3.0), mean.Mean, 1e-12);
        Assert.Equal(2, mean.ImagesPerSeed[0]);
    }

    [Fact]
    public void Should_Cancel_Pairs_In_A_Ring()
    {
        double[] a = [1, 0, 1], b = [0, 0, 1], c = [1, 1, 1];

        var mean = CrossedMean.OfNullPairs([new(1, 2, a, b), new(2, 3, b, c), new(3, 1, c, a)]);

        Assert.Equal(0, mean.Mean, 1e-12);
        Assert.Equal(0, mean.SeedVariance, 1e-12);
    }

    [Fact]
    public void Should_Name_Rows_Of_Different_Length_And_Infinite_Scores()
    {
        var ragged = Assert.Throws<ArgumentException>(() => CrossedMean.OfScores([[1, 2], [1]]));
        var infinite = Assert.Throws<ArgumentException>(() => CrossedMean.OfScores([[1, double.PositiveInfinity]]));

        Assert.Contains("Seed number 2 has 1 scores where 2 were expected", ragged.Message, StringComparison.Ordinal);
        Assert.Contains("infinite", infinite.Message, StringComparison.Ordinal);
    }
}
