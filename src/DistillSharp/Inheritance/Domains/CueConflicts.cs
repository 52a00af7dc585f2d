using DistillSharp.Models;
using DistillSharp.Statistics;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Images whose shape says one class and whose texture another, after Geirhos et al. 2019. They are made without a network: the foreground of
/// one image is filled with a mirrored tiling of a patch from the middle of another's. So "texture" is the other image's local pattern and
/// brightness, not its style in the sense of that paper.
/// </summary>
public static class CueConflicts
{
    private const ulong PartnerSeed = 2;

    /// <summary>For each image another image of another class, drawn once and for all: positions, [N].</summary>
    /// <param name="classes">The class of each image.</param>
    /// <exception cref="ArgumentException">All images are of one class.</exception>
    public static int[] Partners(IReadOnlyList<int> classes)
    {
        if (classes.Distinct().Count() < 2)
        {
            throw new ArgumentException("Images of at least two classes were expected: shape and texture must be able to disagree.", nameof(classes));
        }

        var random = new Xoshiro256(PartnerSeed);
        var partners = new int[classes.Count];
        for (int i = 0; i < partners.Length; i++)
        {
            do
            {
                partners[i] = random.NextIndex(partners.Length);
            }
            while (classes[partners[i]] == classes[i]);
        }

        return partners;
    }

    /// <summary>The foreground of one image filled with the texture of another, on the first one's background grey: Float32 <c>[N, C, H, W]</c> in [0, 1].</summary>
    /// <param name="shapes">The images that give the shape, UInt8 or floating-point <c>[N, C, H, W]</c>.</param>
    /// <param name="textures">The images that give the texture, in the same order and shape.</param>
    /// <param name="threshold">As in <see cref="DomainImages.Foreground"/>.</param>
    /// <param name="patch">Side of the square patch, pixels, at most the image's.</param>
    public static Tensor Make(Tensor shapes, Tensor textures, double threshold, int patch)
    {
        using var scope = new TensorScope();
        Tensor foreground = DomainImages.Foreground(shapes, threshold);
        Tensor background = DomainImages.Background(shapes);
        return scope.Keep((foreground * Tiled(textures, threshold, patch)) + ((1.0 - foreground) * background));
    }

    /// <summary>
    /// Each image replaced by a mirrored tiling of one of its patches, Float32 <c>[N, C, H, W]</c>: the square around the middle of its
    /// foreground, moved inwards where it would leave the image; around the image's middle where there is no foreground.
    /// </summary>
    /// <inheritdoc cref="Make"/>
    public static Tensor Tiled(Tensor textures, double threshold, int patch)
    {
        int height = (int)textures.Size(2), width = (int)textures.Size(3), count = (int)textures.Size(0);
        if (patch < 1 || patch > Math.Min(height, width))
        {
            throw new ArgumentOutOfRangeException(nameof(patch), patch, $"A patch of 1 to {Math.Min(height, width)} pixels was expected, the image's smaller side at most.");
        }

        using var scope = new TensorScope();
        Tensor unit = ImageClassifier.ToUnitRange(textures);
        float[] mask = DomainImages.Foreground(textures, threshold).ToArray<float>();
        var source = new long[count * height * width];
        for (int image = 0; image < count; image++)
        {
            ReadOnlySpan<float> own = mask.AsSpan(image * height * width, height * width);
            (int top, int left) = Corner(own, height, width, patch);
            for (int at = 0; at < height * width; at++)
            {
                source[(image * height * width) + at] = ((top + Mirrored(at / width, patch)) * width) + left + Mirrored(at % width, patch);
            }
        }

        Tensor positions = Tensor.From(source, count, 1, height * width).To(unit.Device).Repeat([1, unit.Size(1), 1]);
        return scope.Keep(unit.Reshape([count, unit.Size(1), height * width]).Gather(2, positions).Reshape(unit.Shape));
    }

    private static (int Top, int Left) Corner(ReadOnlySpan<float> mask, int height, int width, int patch)
    {
        double rows = 0, columns = 0, pixels = 0;
        for (int at = 0; at < mask.Length; at++)
        {
            rows += mask[at] * (at / width);
            columns += mask[at] * (at % width);
            pixels += mask[at];
        }

        (double row, double column) = pixels > 0 ? (rows / pixels, columns / pixels) : ((height - 1) / 2.0, (width - 1) / 2.0);
        int Start(double middle, int size) => Math.Clamp((int)Math.Round(middle - ((patch - 1) / 2.0), MidpointRounding.AwayFromZero), 0, size - patch);
        return (Start(row, height), Start(column, width));
    }

    private static int Mirrored(int at, int patch)
    {
        int within = at % (2 * patch);
        return within < patch ? within : (2 * patch) - 1 - within;
    }
}
