namespace DistillSharp.Inheritance;

/// <summary>Sums over scores of which some are missing.</summary>
internal static class Scores
{
    /// <summary>The mean of the values that are not NaN; NaN where there is none.</summary>
    public static double Mean(IEnumerable<double> values) => values.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Average();

    /// <summary>The mean over seeds of the mean over images.</summary>
    public static double Mean(IEnumerable<double[]> seeds) => Mean(seeds.Select(s => Mean((IEnumerable<double>)s)));
}
