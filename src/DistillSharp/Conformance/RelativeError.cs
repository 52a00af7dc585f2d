namespace DistillSharp.Conformance;

/// <summary>
/// How far computed numbers lie from stated ones: the largest difference of any element, divided by the largest stated size in
/// the whole tensor. Elements are not divided by their own size: a sum of terms of size 1 that happens to be 1e-12 is not
/// reproduced to 1e-9 of itself by any order of summation.
/// </summary>
public static class RelativeError
{
    /// <summary>
    /// The least size that differences are divided by. With the usual tolerance of 1e-9, differences up to 1e-15 pass whatever
    /// the stated values are: where these are exactly zero, rounding may leave about that much.
    /// </summary>
    public const double Floor = 1e-6;

    /// <summary>The error of a tensor's elements.</summary>
    /// <param name="expected">The stated values, finite.</param>
    /// <param name="actual">The computed values, as many.</param>
    /// <param name="worst">The position of the largest difference, or of the first value that is not finite.</param>
    /// <returns>0 or more; infinite where a computed value is not finite.</returns>
    public static double Of(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, out int worst)
    {
        double size = Floor;
        foreach (double value in expected)
        {
            size = Math.Max(size, Math.Abs(value));
        }

        double largest = 0;
        worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (!double.IsFinite(actual[i]))
            {
                worst = i;
                return double.PositiveInfinity;
            }

            // Divided before the comparison: the difference of two numbers near the largest double may overflow.
            double error = Math.Abs((expected[i] / size) - (actual[i] / size));
            if (error > largest)
            {
                (largest, worst) = (error, i);
            }
        }

        return largest;
    }
}
