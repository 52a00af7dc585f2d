using DistillSharp.Data.Pictures;
using DistillSharp.Torch;

namespace DistillSharp.Data.Derived;

/// <summary>
/// Puts each object somewhere on a larger picture, over fragments of others.
/// </summary>
/// <param name="Canvas">Side of the pictures, pixels.</param>
/// <param name="Object">Side that an object's image is scaled to, pixels.</param>
/// <param name="Fragments">Fragments of other images in the background of each.</param>
/// <param name="Draws">Where places and fragments come from.</param>
internal sealed record PlacedLayout(int Canvas, int Object, int Fragments, ImageDraws Draws)
{
    /// <summary>
    /// The least grey of 255 that is part of an object. What is darker shows the background: it is the border that an object's image is
    /// filled with, and the faint noise in it, which would widen boxes.
    /// </summary>
    public const byte LeastGrey = 16;

    /// <summary>Side of a fragment, pixels: large enough for a corner or a sleeve, too small for an object.</summary>
    private int FragmentSide => Math.Max(3, 2 * Object / 5);

    /// <summary>The pictures of a set, and the smallest box of whole pixels around each object; null for an image without any pixel of its object.</summary>
    /// <param name="objects">Grey images.</param>
    /// <param name="ownClass">For each image whether its fragments are of images of its own class; else they are of any.</param>
    /// <returns>Bytes <c>[N, canvas, canvas]</c>, and a box for each.</returns>
    public (byte[] Pixels, ImageBox?[] Boxes) Place(ImageDataset objects, bool[] ownClass)
    {
        byte[] small = Shrink(objects);
        long[] labels = objects.HostLabels.ToArray();
        int[] all = [.. Enumerable.Range(0, objects.Count)];
        Dictionary<long, int[]> classes = all.GroupBy(i => labels[i]).ToDictionary(c => c.Key, c => c.ToArray());
        var pixels = new byte[checked(objects.Count * Canvas * Canvas)];
        var boxes = new ImageBox?[objects.Count];
        Parallel.For(0, objects.Count, i =>
        {
            Span<byte> picture = pixels.AsSpan(i * Canvas * Canvas, Canvas * Canvas);
            SeededRandom random = Draws.Image(i);
            int x = random.NextInt32(Canvas - Object + 1), y = random.NextInt32(Canvas - Object + 1);
            Scatter(small, ownClass[i] ? classes[labels[i]] : all, picture, random);
            boxes[i] = Put(small.AsSpan(i * Object * Object, Object * Object), picture, x, y);
        });
        return (pixels, boxes);
    }

    private byte[] Shrink(ImageDataset objects)
    {
        using var scope = new TensorScope();
        byte[] full = objects.Images.To(Device.Cpu).ToArray<byte>();
        (int width, int height) = (objects.Width, objects.Height);
        var small = new byte[objects.Count * Object * Object];
        Parallel.For(0, objects.Count, () => new PictureResampler(), (i, _, resampler) =>
        {
            resampler.Fit(full.AsSpan(i * width * height, width * height), width, height, 1, Object, stretch: true, small.AsSpan(i * Object * Object, Object * Object));
            return resampler;
        }, _ => { });
        return small;
    }

    private void Scatter(byte[] small, int[] among, Span<byte> picture, SeededRandom random)
    {
        int side = FragmentSide;
        for (int fragment = 0; fragment < Fragments; fragment++)
        {
            int from = among[random.NextInt32(among.Length)] * Object * Object;
            int left = random.NextInt32(Object - side + 1), top = random.NextInt32(Object - side + 1);
            int x = random.NextInt32(Canvas - side + 1), y = random.NextInt32(Canvas - side + 1);
            for (int row = 0; row < side; row++)
            {
                for (int column = 0; column < side; column++)
                {
                    byte grey = small[from + ((top + row) * Object) + left + column];
                    if (grey >= LeastGrey)
                    {
                        picture[((y + row) * Canvas) + x + column] = grey;
                    }
                }
            }
        }
    }

    private ImageBox? Put(ReadOnlySpan<byte> grey, Span<byte> picture, int x, int y)
    {
        (int left, int top, int right, int bottom) = (Object, Object, -1, -1);
        for (int row = 0; row < Object; row++)
        {
            for (int column = 0; column < Object; column++)
            {
                byte value = grey[(row * Object) + column];
                if (value >= LeastGrey)
                {
                    picture[((y + row) * Canvas) + x + column] = value;
                    (left, right) = (Math.Min(left, column), Math.Max(right, column));
                    (top, bottom) = (Math.Min(top, row), Math.Max(bottom, row));
                }
            }
        }

        return right < 0 ? null : new ImageBox(x + left, y + top, right - left + 1, bottom - top + 1);
    }
}
