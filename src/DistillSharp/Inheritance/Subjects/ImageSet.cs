using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Images with their classes; the tensors stay the caller's.</summary>
public sealed class ImageSet
{
    private readonly IReadOnlyList<ImageBox?> _boxes = [];

    /// <summary>Takes images and labels.</summary>
    /// <param name="images">UInt8 <c>[N, C, H, W]</c> from 0 to 255, or floating-point in [0, 1].</param>
    /// <param name="labels">The true class of each image, Int64 <c>[N]</c>.</param>
    /// <param name="indices">The index in the data set of each image, for tables and pictures; 0 to N-1 where left out.</param>
    /// <exception cref="ArgumentException">Shapes do not fit together, or there is no image.</exception>
    public ImageSet(Tensor images, Tensor labels, IReadOnlyList<int>? indices = null)
    {
        if (images.Dimensions != 4 || labels.Dimensions != 1 || images.Size(0) != labels.Size(0) || images.Size(0) == 0)
        {
            throw new ArgumentException($"Images [N, C, H, W] and labels [N] with N above 0 were expected, found {images} and {labels}.", nameof(images));
        }

        if (indices is not null && indices.Count != images.Size(0))
        {
            throw new ArgumentException($"As many indices as images were expected ({images.Size(0)}), found {indices.Count}.", nameof(indices));
        }

        Images = images;
        Labels = labels;
        Classes = Array.ConvertAll(labels.ToArray<long>(), c => (int)c);
        Indices = indices ?? [.. Enumerable.Range(0, Classes.Count)];
    }

    /// <summary>The images <c>[N, C, H, W]</c>.</summary>
    public Tensor Images { get; }

    /// <summary>The true classes, Int64 <c>[N]</c>.</summary>
    public Tensor Labels { get; }

    /// <summary>The true classes as numbers.</summary>
    public IReadOnlyList<int> Classes { get; }

    /// <summary>The index in the data set of each image.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>What is known of the images besides their classes, one value an image; empty where nothing is.</summary>
    public IReadOnlyList<ImageAttribute> Attributes { get; init; } = [];

    /// <summary>The box of the object of each image in pixels, null for an image without one; empty where no boxes are known.</summary>
    /// <exception cref="ArgumentException">There are neither none nor as many as images, or one does not lie within its image.</exception>
    public IReadOnlyList<ImageBox?> Boxes
    {
        get => _boxes;
        init
        {
            (long height, long width) = (Images.Size(2), Images.Size(3));
            if ((value.Count != 0 && value.Count != Classes.Count) || value.Any(b => b?.IsInside(width, height) == false))
            {
                throw new ArgumentException($"A box or null for each of {Classes.Count} images was expected, within {width} x {height} pixels; found {value.Count}, outside {value.Count(b => b?.IsInside(width, height) == false)}.");
            }

            _boxes = value;
        }
    }

    /// <summary>How many images there are.</summary>
    public int Count => Classes.Count;
}
