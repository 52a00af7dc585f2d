using DistillSharp.Studies.Results;

namespace DistillSharp.Statistics;

/// <summary>
/// The plain 95 % t-interval over the seeds' values: what to expect of a new seed <b>on these same images</b>.
/// It does not allow for other images; <see cref="HierarchicalBootstrap"/> does.
/// </summary>
public static class SeedInterval
{
    /// <summary>Mean and t-interval over seeds; NaN ends with fewer than two seeds, NaN values are left out.</summary>
    /// <param name="perSeed">One value a seed, [S].</param>
    public static Estimate Of(IReadOnlyList<double> perSeed)
    {
        double sum = 0;
        var seeds = 0;
        foreach (var value in perSeed)
        {
            if (!double.IsNaN(value))
            {
                sum += value;
                seeds++;
            }
        }

        var mean = seeds == 0 ? double.NaN : sum / seeds;
        if (seeds < 2)
        {
            return new Estimate(mean, double.NaN, double.NaN, perSeed);
        }

        double squares = 0;
        foreach (var value in perSeed)
        {
            if (!double.IsNaN(value))
            {
                squares += (value - mean) * (value - mean);
            }
        }

        var half = StudentQuantile.Of(seeds - 1, 0.975) * Math.Sqrt(squares / (seeds - 1) / seeds);
        return new Estimate(mean, mean - half, mean + half, perSeed);
    }
}
