using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>Data sets for distilling that are more than, or other than, the labelled training images. The caller frees them.</summary>
public static class TransferSet
{
    /// <summary>The training images with their labels, then further images without.</summary>
    /// <param name="data">The labelled data set.</param>
    /// <param name="subset">Int64 [M], which of its images are trained on; null for all.</param>
    /// <param name="extra">UInt8 [E, C, H, W] on the same device, of the same size.</param>
    /// <exception cref="ArgumentException">The images are of another size.</exception>
    public static ImageDataset WithExtra(ImageDataset data, Tensor? subset, Tensor extra)
    {
        RequireSameSize(data, extra);
        using var scope = new TensorScope();
        Tensor images = subset is null ? data.Images : data.Images.IndexSelect(0, subset);
        Tensor labels = subset is null ? data.Labels : data.Labels.IndexSelect(0, subset);
        return new ImageDataset(
            data.Name,
            Operators.Cat([images, extra]),
            Operators.Cat([labels, NoLabels(extra)]),
            data.ClassNames,
            allowUnlabelled: true);
    }

    /// <summary>Other images in the place of the training images, without labels.</summary>
    /// <param name="data">The labelled data set: classes and size of images.</param>
    /// <param name="images">UInt8 [E, C, H, W] on the same device, of the same size.</param>
    /// <exception cref="ArgumentException">The images are of another size.</exception>
    public static ImageDataset Unlabelled(ImageDataset data, Tensor images)
    {
        RequireSameSize(data, images);
        using var scope = new TensorScope();
        return new ImageDataset(data.Name, images.Clone(), NoLabels(images), data.ClassNames, allowUnlabelled: true);
    }

    /// <summary>Noise: every byte drawn evenly and alone. UInt8 [count, C, H, W] on the data set's device.</summary>
    /// <param name="data">Whose size of images is wanted.</param>
    /// <param name="count">How many images.</param>
    /// <param name="seed">The same seed gives the same images.</param>
    public static Tensor Noise(ImageDataset data, int count, ulong seed)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(seed);
        Tensor bytes = Operators.Randint(0, 256, [count, data.Channels, data.Height, data.Width], generator);
        return scope.Keep(bytes.To(DType.UInt8, data.Device));
    }

    private static Tensor NoLabels(Tensor images) =>
        Operators.Full([images.Size(0)], ImageDataset.NoLabel, DType.Int64, images.Device);

    private static void RequireSameSize(ImageDataset data, Tensor images)
    {
        if (!images.Shape.AsSpan(1).SequenceEqual([data.Channels, data.Height, data.Width]))
        {
            throw new ArgumentException(
                $"Expected images of {data.Channels} x {data.Height} x {data.Width}, as those of {data.Name}, found {string.Join(" x ", images.Shape[1..])}: one network takes one size.",
                nameof(images));
        }
    }
}
