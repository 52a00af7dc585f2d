using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Data;

/// <summary>Random images for tests.</summary>
internal static class SmallImages
{
    public static byte[] Bytes(int count, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        return Enumerable.Range(0, count).Select(_ => (byte)random.NextUInt64()).ToArray();
    }

    public static Tensor Batch(int count, int channels, int height, int width) =>
        Tensor.From(Bytes(count * channels * height * width), count, channels, height, width);

    /// <summary>Images whose class goes round through the given classes' sizes.</summary>
    public static ImageDataset Dataset(params int[] classSizes)
    {
        long[] labels = classSizes.SelectMany((size, c) => Enumerable.Repeat((long)c, size)).ToArray();
        new SeededRandom(9).Shuffle(labels.AsSpan());
        return ImageDataset.From("small", Bytes(labels.Length * 3 * 4 * 5), 3, 4, 5, labels, classSizes.Select((_, c) => $"class {c}").ToArray());
    }
}
