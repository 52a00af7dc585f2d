using System.Buffers.Binary;

namespace DistillSharp.Tests.Training;

/// <summary>
/// Makes small idx data sets that a network learns in a few epochs: of four bands of rows (classes 0 and 1) or columns (2 and 3), the outer two
/// or the inner two are bright, with noise. Mirrored images stay in their class. The same seed gives the same bytes.
/// </summary>
internal static class LearnableImages
{
    public const int Size = 12;
    public const int Classes = 4;

    public static void Write(string folder, int train, int test, int seed = 1)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(seed);
        Write(folder, "train", train, random);
        Write(folder, "t10k", test, random);
    }

    private static void Write(string folder, string stem, int count, Random random)
    {
        var images = new byte[16 + (count * Size * Size)];
        var labels = new byte[8 + count];
        BinaryPrimitives.WriteInt32BigEndian(images, 0x803);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(4), count);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(8), Size);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(12), Size);
        BinaryPrimitives.WriteInt32BigEndian(labels, 0x801);
        BinaryPrimitives.WriteInt32BigEndian(labels.AsSpan(4), count);
        for (int i = 0; i < count; i++)
        {
            int label = i % Classes;
            labels[8 + i] = (byte)label;
            for (int pixel = 0; pixel < Size * Size; pixel++)
            {
                int along = label < 2 ? pixel / Size : pixel % Size;
                bool isInner = along / (Size / 4) is 1 or 2;
                bool isBright = isInner == (label % 2 == 1);
                images[16 + (i * Size * Size) + pixel] = (byte)((isBright ? 150 : 40) + random.Next(100));
            }
        }

        File.WriteAllBytes(Path.Combine(folder, stem + "-images-idx3-ubyte"), images);
        File.WriteAllBytes(Path.Combine(folder, stem + "-labels-idx1-ubyte"), labels);
    }
}
