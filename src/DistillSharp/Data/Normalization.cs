using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>
/// The statistics of the training images that a classifier subtracts and divides by, per channel, of values in [0, 1].
/// Batches are not normalised: the classifier does it, so that adversarial attacks act on images in [0, 1].
/// </summary>
/// <param name="Mean">Mean of each channel.</param>
/// <param name="StandardDeviation">Standard deviation of each channel, above 0.</param>
public sealed record Normalization(IReadOnlyList<double> Mean, IReadOnlyList<double> StandardDeviation)
{
    private const long MostBytesAtATime = 1 << 30;

    /// <summary>Computes the statistics of images exactly, from the counts of the 256 byte values.</summary>
    /// <param name="images">Bytes, row-major [N, C, H, W].</param>
    /// <param name="channels">C.</param>
    /// <param name="pixels">H times W.</param>
    /// <remarks>A channel that holds one value only gets a deviation of 1: it is centred and not scaled.</remarks>
    public static Normalization Of(ReadOnlySpan<byte> images, int channels, int pixels)
    {
        var counts = new long[channels * 256];
        Count(images, channels, pixels, counts);
        return FromCounts(counts, channels);
    }

    /// <summary>Computes the statistics of images exactly, however many there are.</summary>
    /// <param name="images">UInt8 [N, C, H, W] on the CPU, in one piece.</param>
    public static Normalization Of(Tensor images)
    {
        int channels = (int)images.Size(1), pixels = (int)(images.Size(2) * images.Size(3));
        var counts = new long[channels * 256];
        long step = Math.Max(1, MostBytesAtATime / ((long)channels * pixels));
        for (long first = 0; first < images.Size(0); first += step)
        {
            using var scope = new TensorScope();
            Count(images.Rows(first, Math.Min(first + step, images.Size(0))).AsSpan<byte>(), channels, pixels, counts);
        }

        return FromCounts(counts, channels);
    }

    private static void Count(ReadOnlySpan<byte> images, int channels, int pixels, long[] counts)
    {
        for (int start = 0, channel = 0; start < images.Length; start += pixels, channel = (channel + 1) % channels)
        {
            Span<long> counted = counts.AsSpan(channel * 256, 256);
            foreach (byte value in images.Slice(start, pixels))
            {
                counted[value]++;
            }
        }
    }

    private static Normalization FromCounts(long[] counts, int channels)
    {
        var mean = new double[channels];
        var deviation = new double[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            double total = 0, sum = 0, squares = 0;
            for (int value = 0; value < 256; value++)
            {
                double count = counts[(channel * 256) + value];
                total += count;
                sum += count * value;
                squares += count * value * value;
            }

            double average = sum / total;
            double variance = (squares / total) - (average * average);
            mean[channel] = average / 255;
            deviation[channel] = variance > 0 ? Math.Sqrt(variance) / 255 : 1;
        }

        return new Normalization(mean, deviation);
    }
}
