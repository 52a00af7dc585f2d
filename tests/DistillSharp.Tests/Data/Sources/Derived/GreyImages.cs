using System.Security.Cryptography;
using DistillSharp.Data;

namespace DistillSharp.Tests.Data.Sources.Derived;

/// <summary>Grey images in memory, of random bytes unless they are given, for sets that are made from others.</summary>
internal static class GreyImages
{
    public static TrainTestData Random(int train, int test, int side = 28, int channels = 1, string fingerprint = "grey", byte? value = null)
    {
        return new TrainTestData(Part(train, 1), Part(test, 2), new Normalization([0.5], [0.25]), fingerprint);

        ImageDataset Part(int count, ulong seed)
        {
            byte[] pixels = SmallImages.Bytes(count * channels * side * side, seed);
            if (value is { } same)
            {
                Array.Fill(pixels, same);
            }

            return ImageDataset.From("grey", pixels, channels, side, side, [.. Enumerable.Range(0, count).Select(i => i % 3L)], ["a", "b", "c"]);
        }
    }

    /// <summary>The bytes of an image.</summary>
    public static byte[] Image(this ImageDataset images, long index)
    {
        int size = images.Channels * images.Height * images.Width;
        return images.Images.AsSpan<byte>().Slice((int)index * size, size).ToArray();
    }

    /// <summary>The SHA-256 of all bytes.</summary>
    public static string Hash(this TrainTestData data) =>
        Convert.ToHexStringLower(SHA256.HashData([.. data.Train.Images.AsSpan<byte>(), .. data.Test.Images.AsSpan<byte>()]));
}
