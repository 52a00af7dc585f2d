using MathNet.Numerics.Distributions;

namespace DistillSharp.Statistics;

/// <summary>Quantiles of Student's t.</summary>
internal static class StudentQuantile
{
    /// <summary>The value that t with the given degrees of freedom stays below with this probability.</summary>
    /// <param name="degreesOfFreedom">At least 1; Welch's need not be whole.</param>
    /// <param name="probability">Between 0 and 1.</param>
    /// <remarks>1 and 2 degrees have closed forms; the general search fails far out in the tail of 1 degree.</remarks>
    public static double Of(double degreesOfFreedom, double probability) => degreesOfFreedom switch
    {
        1 => Math.Tan(Math.PI * (probability - 0.5)),
        2 => ((2 * probability) - 1) * Math.Sqrt(1 / (2 * probability * (1 - probability))),
        _ => StudentT.InvCDF(0, 1, degreesOfFreedom, probability),
    };
}
