using DistillSharp.Data;
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
    /// <param name="threshold">As in <see cref="Foreground.Of"/>.</param>
    /// <param name="patch">Side of the square patch, pixels, at most the image's.</param>
    public static Tensor Make(Tensor shapes, Tensor textures, double threshold, int patch)
    {
        using var scope = new TensorScope();
        Tensor foreground = Foreground.Of(shapes, threshold);
        Tensor background = Foreground.Background(shapes);
        return scope.Keep((foreground * TiledPatches.Make(textures, threshold, patch)) + ((1.0 - foreground) * background));
    }
}
