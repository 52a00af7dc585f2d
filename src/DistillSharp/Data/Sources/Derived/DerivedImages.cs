using DistillSharp.Torch;

namespace DistillSharp.Data.Derived;

/// <summary>The images of one part of a derived data set.</summary>
/// <param name="Images">UInt8 [N, C, H, W] on the CPU, in one piece.</param>
/// <param name="Labels">One class an image.</param>
/// <param name="ClassNames">The name of each class.</param>
/// <param name="Attribute">Which version of what it was made from each image is.</param>
internal sealed record DerivedImages(Tensor Images, long[] Labels, IReadOnlyList<string> ClassNames, ImageAttribute Attribute)
{
    /// <summary>Where the object of each image is; none where that is not known.</summary>
    public IReadOnlyList<ImageBox?> Boxes { get; init; } = [];

    /// <summary>How many channels: C.</summary>
    public int Channels => (int)Images.Size(1);

    /// <summary>
    /// Every image once in each version: all images in the first version, then all in the second, and so on, so that the image at
    /// position p is made from the image p modulo their number.
    /// </summary>
    /// <param name="from">What they are made from.</param>
    /// <param name="attribute">The attribute's name.</param>
    /// <param name="names">The names of all its values.</param>
    /// <param name="versions">The values that are made, in this order.</param>
    /// <param name="channels">Channels of the images that are made.</param>
    /// <param name="paint">Makes an image, given its version.</param>
    public static DerivedImages InEachVersion(
        ImageDataset from, string attribute, IReadOnlyList<string> names, IReadOnlyList<int> versions, int channels, PaintImage paint)
    {
        int count = from.Count;
        var values = new int[versions.Count * count];
        var labels = new long[values.Length];
        for (int i = 0; i < versions.Count; i++)
        {
            Array.Fill(values, versions[i], i * count, count);
            from.HostLabels.CopyTo(labels.AsSpan(i * count, count));
        }

        Tensor images = ImagePainter.Paint(from, values, channels, paint);
        return new DerivedImages(images, labels, from.ClassNames, new ImageAttribute(attribute, names, values));
    }
}
