namespace DistillSharp.Data.Pictures;

/// <summary>
/// Which elements of a row (or column) make each element of a shorter or longer one, and with what weights: a triangle as wide as
/// two of the wider of both kinds of element, which is bilinear where it grows and averages (antialiasing) where it shrinks.
/// Weights are whole numbers that add up to about <c>1 &lt;&lt; Precision</c>: the same result on every machine.
/// </summary>
internal sealed class ResamplingAxis
{
    /// <summary>Bits after the binary point of a weight. 255 times the sum of weights stays below 2^31.</summary>
    public const int Precision = 22;

    /// <summary>Computes the weights.</summary>
    /// <param name="from">Elements before.</param>
    /// <param name="to">Elements after, of which some are wanted.</param>
    /// <param name="first">The first that is wanted.</param>
    /// <param name="count">How many are wanted.</param>
    public ResamplingAxis(int from, int to, int first, int count)
    {
        double scale = (double)from / to;
        double width = Math.Max(scale, 1);
        Starts = new int[count];
        Weights = new int[count][];
        for (int i = 0; i < count; i++)
        {
            double center = (first + i + 0.5) * scale;
            int start = Math.Max((int)(center - width + 0.5), 0);
            int end = Math.Min((int)(center + width + 0.5), from);
            var weights = new double[end - start];
            for (int j = 0; j < weights.Length; j++)
            {
                weights[j] = Math.Max(0, 1 - Math.Abs((start + j - center + 0.5) / width));
            }

            double sum = weights.Sum();
            Starts[i] = start;
            Weights[i] = Array.ConvertAll(weights, w => (int)Math.Round(w / sum * (1 << Precision), MidpointRounding.AwayFromZero));
        }
    }

    /// <summary>The first element that counts, for each wanted one.</summary>
    public int[] Starts { get; }

    /// <summary>The weights from there on, for each wanted one.</summary>
    public int[][] Weights { get; }

    /// <summary>The first element that counts for any.</summary>
    public int Begin => Starts[0];

    /// <summary>One past the last element that counts for any.</summary>
    public int End => Starts[^1] + Weights[^1].Length;

    /// <summary>A weighted sum as a byte.</summary>
    public static byte ToByte(int sum) => (byte)Math.Clamp((sum + (1 << (Precision - 1))) >> Precision, 0, 255);
}
