using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Data.Derived;

/// <summary>
/// Fashion-MNIST with random textures: every training image once as it is (<c>plain</c>) and once with the inside of its object replaced by a random
/// texture (<c>random</c>), so that only the silhouette tells its class; test images as they are. In small what Geirhos et al. 2019
/// made of ImageNet with styles of paintings, and Ojha et al. 2023, section 11.5, took a teacher from.
/// </summary>
public sealed class RandomTextures : DerivedDataset
{
    /// <summary>The attribute that names an image's texture.</summary>
    public const string Attribute = "texture";

    private const string Threshold = "foreground-threshold";
    private const string Textures = "textures";
    private const string Noise = "noise";
    private const string Patches = "patches";
    private const int Plain = 0;
    private const int Random = 1;
    private const int PatchesAcross = 4;
    private const int Slice = 4096;
    private const double Darkest = 0.2;
    private static readonly string[] Names = ["plain", "random"];

    private RandomTextures()
        : base(
            "random-textures",
            "Fashion-MNIST, every training image once as it is and once with a random texture in its silhouette; test images as they are.",
            version: 1,
            FashionMnist.Source,
            [
                new OptionSpec(Textures, OptionKind.Text, Noise, "noise: of random coarseness, brightness and contrast; patches: the patch around the middle of another image, tiled with mirrors", Choices: [Noise, Patches]),
                new OptionSpec(Threshold, OptionKind.Number, 0.1, "Difference in grey from the background, 0 to 1, from which on a pixel belongs to the object", Minimum: 0, Maximum: 1),
            ])
    {
    }

    /// <summary>How to find and make them.</summary>
    public static RandomTextures Source { get; } = new();

    private protected override DerivedImages Make(ImageDataset from, ImageDraws draws, bool isTest, OptionValues options)
    {
        ImageDraws textures = draws.For(Attribute);
        double threshold = options.Number(Threshold);
        byte[] inside = isTest ? [] : Pixels(from, slice => Foreground.Of(slice, threshold));
        byte[]? patches = isTest || options.Text(Textures) == Noise ? null : Pixels(from, slice => TiledPatches.Make(slice, threshold, Math.Max(1, Math.Min(from.Height, from.Width) / PatchesAcross)));
        int height = from.Height, width = from.Width;
        return DerivedImages.InEachVersion(from, Attribute, Names, isTest ? [Plain] : [Plain, Random], channels: 1, (image, index, texture, made) =>
        {
            image.CopyTo(made);
            if (texture == Plain)
            {
                return;
            }

            SeededRandom random = textures.Image(index);
            ReadOnlySpan<byte> mask = inside.AsSpan(index * image.Length, image.Length);
            if (patches is null)
            {
                FillWithNoise(random, mask, height, width, made);
                return;
            }

            ReadOnlySpan<byte> patch = patches.AsSpan(random.NextInt32(patches.Length / image.Length) * image.Length, image.Length);
            for (int at = 0; at < made.Length; at++)
            {
                made[at] = mask[at] != 0 ? patch[at] : made[at];
            }
        });
    }

    // What is made of all images, in [0, 1], as one byte a pixel.
    private static byte[] Pixels(ImageDataset from, Func<Tensor, Tensor> make)
    {
        int pixels = from.Height * from.Width;
        var made = new byte[from.Count * pixels];
        for (int first = 0; first < from.Count; first += Slice)
        {
            using var scope = new TensorScope();
            float[] values = make(from.Images.Rows(first, Math.Min(first + Slice, from.Count))).ToArray<float>();
            for (int at = 0; at < values.Length; at++)
            {
                made[(first * pixels) + at] = NaturalTextures.Byte(values[at]);
            }
        }

        return made;
    }

    // Noise of a random coarseness, brightness and contrast; never so dark that the silhouette is lost.
    private static void FillWithNoise(SeededRandom random, ReadOnlySpan<byte> inside, int height, int width, Span<byte> made)
    {
        Span<double> noise = stackalloc double[height * width];
        int coarsest = random.NextInt32(NaturalTextures.Octaves), octaves = 1 + random.NextInt32(NaturalTextures.Octaves - coarsest);
        double brightness = random.NextDouble(0.2, 1), contrast = random.NextDouble(0, 0.8);
        NaturalTextures.Noise(random, height, width, coarsest, octaves, noise);
        for (int at = 0; at < made.Length; at++)
        {
            if (inside[at] != 0)
            {
                made[at] = NaturalTextures.Byte(Math.Max(Darkest, brightness + (contrast * noise[at])));
            }
        }
    }
}
