using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>
/// Images and their classes, in one piece on one device: bytes, a quarter of what floats would take, converted batch by batch.
/// </summary>
public sealed class ImageDataset : IDisposable
{
    /// <summary>What stands for the label of an image that has none; ATen's cross-entropy leaves such images out.</summary>
    public const long NoLabel = -100;

    private readonly long[] _hostLabels;

    /// <summary>Takes over two tensors, checked.</summary>
    /// <param name="name">The data set's name, for messages and results.</param>
    /// <param name="images">UInt8 [N, C, H, W], N at least 1. Owned by the data set from here on.</param>
    /// <param name="labels">Int64 [N], each in [0, number of classes), or <see cref="NoLabel"/> where <paramref name="allowUnlabelled"/>, on the same device. Owned by the data set from here on.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="imagesOrigin">The images' file for messages; the name where null.</param>
    /// <param name="labelsOrigin">The labels' file for messages; the name where null.</param>
    /// <param name="allowUnlabelled">True where images may have no label.</param>
    /// <param name="attributes">What is known of every image besides its class; none where null.</param>
    /// <param name="boxes">Where the object of each image is, null for an image where that is not known; nothing is known where null.</param>
    /// <exception cref="DataFormatException">Types, shapes or counts do not fit, or a label, an attribute's value or a box is out of range; both tensors are freed.</exception>
    public ImageDataset(
        string name,
        Tensor images,
        Tensor labels,
        IReadOnlyList<string> classNames,
        string? imagesOrigin = null,
        string? labelsOrigin = null,
        bool allowUnlabelled = false,
        IReadOnlyList<ImageAttribute>? attributes = null,
        IReadOnlyList<ImageBox?>? boxes = null)
    {
        Name = name;
        Attributes = attributes ?? [];
        Boxes = boxes ?? [];
        Images = images.Unscoped();
        Labels = labels.Unscoped();
        ClassNames = classNames;
        try
        {
            _hostLabels = Check(imagesOrigin ?? name, labelsOrigin ?? name, allowUnlabelled);
            HasUnlabelled = Array.IndexOf(_hostLabels, NoLabel) >= 0;
            CheckAttributes();
            CheckBoxes();
        }
        catch
        {
            Dispose();
            throw;
        }

        long[] shape = images.Shape;
        (Count, Channels, Height, Width) = ((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]);
    }

    /// <summary>The data set's name.</summary>
    public string Name { get; }

    /// <summary>UInt8 [N, C, H, W].</summary>
    public Tensor Images { get; }

    /// <summary>Int64 [N].</summary>
    public Tensor Labels { get; }

    /// <summary>The name of each class.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>What is known of every image besides its class; sets that are made out of others have none.</summary>
    public IReadOnlyList<ImageAttribute> Attributes { get; }

    /// <summary>
    /// The box of the object of each image, null for an image without one; empty where the data have no boxes, and in sets that are made
    /// out of others. An image has one box at most, as it has one class: with several, a map could be right by any of them.
    /// </summary>
    public IReadOnlyList<ImageBox?> Boxes { get; }

    /// <summary>True where at least one image has no label.</summary>
    public bool HasUnlabelled { get; }

    /// <summary>How many images: N.</summary>
    public int Count { get; }

    /// <summary>How many channels: C.</summary>
    public int Channels { get; }

    /// <summary>Rows of pixels: H.</summary>
    public int Height { get; }

    /// <summary>Columns of pixels: W.</summary>
    public int Width { get; }

    /// <summary>Where the images are.</summary>
    public Device Device => Images.Device;

    /// <summary>The labels on the host, read once: no wait for the device.</summary>
    public ReadOnlySpan<long> HostLabels => _hostLabels;

    /// <summary>A data set from arrays.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="images">Bytes, row-major [N, C, H, W].</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="labels">One class an image.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="device">Where to put it; the CPU by default.</param>
    /// <param name="imagesOrigin">The images' file for messages; the name where null.</param>
    /// <param name="labelsOrigin">The labels' file for messages; the name where null.</param>
    /// <param name="attributes">What is known of every image besides its class; none where null.</param>
    /// <param name="boxes">Where the object of each image is, null for an image where that is not known; nothing is known where null.</param>
    /// <exception cref="DataFormatException">Sizes or counts do not fit, or a label, an attribute's value or a box is out of range.</exception>
    public static ImageDataset From(
        string name,
        ReadOnlySpan<byte> images,
        int channels,
        int height,
        int width,
        ReadOnlySpan<long> labels,
        IReadOnlyList<string> classNames,
        Device? device = null,
        string? imagesOrigin = null,
        string? labelsOrigin = null,
        IReadOnlyList<ImageAttribute>? attributes = null,
        IReadOnlyList<ImageBox?>? boxes = null)
    {
        long size = (long)channels * height * width;
        if (channels < 1 || height < 1 || width < 1 || images.Length % size != 0)
        {
            throw new DataFormatException(imagesOrigin ?? name, "images", $"whole images of {channels} x {height} x {width} bytes, each size at least 1", $"{images.Length} bytes");
        }

        using var scope = new TensorScope();
        Device target = device ?? Device.Cpu;
        Tensor imageTensor = Tensor.From(images, images.Length / size, channels, height, width).To(target);
        Tensor labelTensor = Tensor.From(labels, labels.Length).To(target);
        return new ImageDataset(name, imageTensor, labelTensor, classNames, imagesOrigin, labelsOrigin, attributes: attributes, boxes: boxes);
    }

    /// <summary>The images with a value of an attribute: their indices, ascending; empty where no image has the value.</summary>
    /// <param name="attribute">The name of one of <see cref="Attributes"/>.</param>
    /// <param name="value">The name of one of its values.</param>
    /// <exception cref="ArgumentException">There is no such attribute, or it has no such value; the message gives the nearest names.</exception>
    public long[] IndicesWhere(string attribute, string value)
    {
        ImageAttribute found = Attributes.FirstOrDefault(a => a.Name == attribute)
            ?? throw new ArgumentException(NearestName.Explain($"attribute of {Name}", attribute, Attributes.Select(a => a.Name)), nameof(attribute));
        int wanted = found.ValueNames.ToList().IndexOf(value);
        if (wanted < 0)
        {
            throw new ArgumentException(NearestName.Explain($"value of {attribute}", value, found.ValueNames), nameof(value));
        }

        return [.. Enumerable.Range(0, Count).Where(i => found.Values[i] == wanted).Select(i => (long)i)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }

    private long[] Check(string imagesOrigin, string labelsOrigin, bool allowUnlabelled)
    {
        if (Images.DType != DType.UInt8 || Images.Dimensions != 4 || Images.ElementCount == 0)
        {
            throw new DataFormatException(imagesOrigin, "images", "bytes of shape [N, C, H, W], at least one image", Images.ToString());
        }

        if (Labels.DType != DType.Int64 || Labels.Dimensions != 1)
        {
            throw new DataFormatException(labelsOrigin, "labels", "whole numbers (Int64) of shape [N]", Labels.ToString());
        }

        if (Labels.Device != Images.Device)
        {
            throw new DataFormatException(labelsOrigin, "labels", $"the images' device, {Images.Device}", Labels.Device.ToString());
        }

        if (Labels.ElementCount != Images.Size(0))
        {
            throw new DataFormatException(labelsOrigin, "number of labels", $"{Images.Size(0)}, one for each image of {imagesOrigin}", Labels.ElementCount.ToString());
        }

        long[] labels = Labels.ToArray<long>();
        for (int i = 0; i < labels.Length; i++)
        {
            if ((labels[i] < 0 || labels[i] >= ClassNames.Count) && !(allowUnlabelled && labels[i] == NoLabel))
            {
                throw new DataFormatException(labelsOrigin, $"label {i} (counted from 0)", $"a class from 0 to {ClassNames.Count - 1}", labels[i].ToString());
            }
        }

        return labels;
    }

    private void CheckAttributes()
    {
        foreach (ImageAttribute attribute in Attributes)
        {
            string place = $"attribute '{attribute.Name}'";
            if (attribute.Values.Count != _hostLabels.Length)
            {
                throw new DataFormatException(Name, place, $"{_hostLabels.Length} values, one for each image", attribute.Values.Count.ToString());
            }

            int wrong = attribute.Values.ToList().FindIndex(v => v < 0 || v >= attribute.ValueNames.Count);
            if (wrong >= 0)
            {
                throw new DataFormatException(Name, $"{place} of image {wrong} (counted from 0)", $"a value from 0 to {attribute.ValueNames.Count - 1}", attribute.Values[wrong].ToString());
            }
        }

        if (Attributes.GroupBy(a => a.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new DataFormatException(Name, "attributes", "a name of its own for each", $"'{twice.Key}' twice");
        }
    }
    private void CheckBoxes()
    {
        if (Boxes.Count != 0 && Boxes.Count != _hostLabels.Length)
        {
            throw new DataFormatException(Name, "number of boxes", $"{_hostLabels.Length}, one for each image or null", Boxes.Count.ToString());
        }

        (long height, long width) = (Images.Size(2), Images.Size(3));
        for (int i = 0; i < Boxes.Count; i++)
        {
            if (Boxes[i] is { } box && !box.IsInside(width, height))
            {
                throw new DataFormatException(Name, $"box of image {i} (counted from 0)", $"x, y, width and height of a rectangle within {width} x {height} pixels", box.ToString());
            }
        }
    }
}
