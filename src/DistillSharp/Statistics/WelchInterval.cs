using DistillSharp.Studies.Results;

namespace DistillSharp.Statistics;

/// <summary>The 95 % interval of the difference of two means of independent samples with variances of their own (Welch, Biometrika 1947).</summary>
public static class WelchInterval
{
    /// <summary>The mean of the first sample minus that of the second.</summary>
    /// <param name="first">Values of the first sample; NaN is left out.</param>
    /// <param name="second">Values of the second sample; NaN is left out.</param>
    /// <returns>
    /// The difference without values of single seeds, and its degrees of freedom by Welch and Satterthwaite. Ends and degrees are NaN where a
    /// sample has fewer than two values, the mean where one has none.
    /// </returns>
    public static (Estimate Difference, double DegreesOfFreedom) Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        (double firstMean, double firstError, int firstCount) = Sample(first);
        (double secondMean, double secondError, int secondCount) = Sample(second);
        double mean = firstMean - secondMean;
        if (Math.Min(firstCount, secondCount) < 2)
        {
            return (new Estimate(mean, double.NaN, double.NaN, []), double.NaN);
        }

        double error = firstError + secondError;

        // Without any spread there is nothing to weigh; the degrees of freedom are then those of equal variances.
        double freedom = error == 0
            ? firstCount + secondCount - 2
            : error * error / ((firstError * firstError / (firstCount - 1)) + (secondError * secondError / (secondCount - 1)));
        double half = StudentQuantile.Of(freedom, 0.975) * Math.Sqrt(error);
        return (new Estimate(mean, mean - half, mean + half, []), freedom);
    }

    /// <summary>Mean, squared standard error and number of the values that are there.</summary>
    private static (double Mean, double SquaredError, int Count) Sample(IReadOnlyList<double> values)
    {
        double[] there = [.. values.Where(v => !double.IsNaN(v))];
        if (there.Length == 0)
        {
            return (double.NaN, double.NaN, 0);
        }

        double mean = there.Average();
        double squares = there.Sum(v => (v - mean) * (v - mean));
        return (mean, there.Length < 2 ? double.NaN : squares / (there.Length - 1) / there.Length, there.Length);
    }
}
