namespace DistillSharp.Inheritance;

/// <summary>
/// The perceptually uniform colours "inferno" (van der Walt and Smith, matplotlib, CC0), from black over red to light yellow,
/// as polynomials of degree six fitted to each colour (coefficients: Matt Zucker, CC0).
/// </summary>
internal static class InfernoColours
{
    private static readonly double[] Red = [0.0002189403691192265, 0.1065134194856116, 11.60249308247187, -41.70399613139459, 77.162935699427, -71.31942824499214, 25.13112622477341];
    private static readonly double[] Green = [0.001651004631001012, 0.5639564367884091, -3.972853965665698, 17.43639888205313, -33.40235894210092, 32.62606426397723, -12.24266895238567];
    private static readonly double[] Blue = [-0.01948089843709184, 3.932712388889277, -15.9423941062914, 44.35414519872813, -81.80730925738993, 73.20951985803202, -23.07032500287172];

    /// <summary>The colour of a value from 0 to 1; each part from 0 to 1.</summary>
    public static (double Red, double Green, double Blue) At(double value)
    {
        double t = Math.Clamp(value, 0, 1);
        return (Evaluate(Red, t), Evaluate(Green, t), Evaluate(Blue, t));
    }

    private static double Evaluate(double[] coefficients, double t)
    {
        double sum = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = (sum * t) + coefficients[i];
        }

        return Math.Clamp(sum, 0, 1);
    }
}
