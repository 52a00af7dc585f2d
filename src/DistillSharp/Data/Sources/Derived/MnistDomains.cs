using DistillSharp.Configuration;

namespace DistillSharp.Data.Derived;

/// <summary>
/// MNIST in three domains of colour images, every image once in each: <c>original</c> (the grey digit in three equal channels), <c>colour</c>
/// (the white digit on a plain colour) and <c>blend</c> (the difference between the digit and a colourful patch), as Ojha et al. 2023,
/// section 5.1, use MNIST, MNIST-Color and MNIST-M (Ganin and Lempitsky 2015).
/// </summary>
/// <remarks>
/// Two things differ from the paper: a colour belongs to an image and is not drawn anew for each batch, and the patches of <c>blend</c> are made
/// (<see cref="NaturalTextures"/>) and not cut out of photographs.
/// </remarks>
public sealed class MnistDomains : DerivedDataset
{
    /// <summary>The attribute that names an image's domain.</summary>
    public const string Attribute = "domain";

    private const string Domains = "domains";
    private const int Original = 0;
    private const int Colour = 1;
    private static readonly string[] Names = ["original", "colour", "blend"];

    private MnistDomains()
        : base(
            "mnist-domains",
            "MNIST in three domains of colour images, every digit in each: original (grey), colour (on a plain colour), blend (with a colourful patch, made by a formula).",
            version: 1,
            Mnist.Source,
            [new OptionSpec(Domains, OptionKind.TextList, Names, "The domains that are made, of original, colour and blend")])
    {
    }

    /// <summary>How to find and make them.</summary>
    public static MnistDomains Source { get; } = new();

    /// <summary>Images stay in [0, 1], as in the authors' code: statistics of domains that a student never sees would tell it of them.</summary>
    private protected override Normalization UsualNormalization(int channels) =>
        new([.. Enumerable.Repeat(0.0, channels)], [.. Enumerable.Repeat(1.0, channels)]);

    private protected override DerivedImages Make(ImageDataset from, ImageDraws draws, bool isTest, OptionValues options)
    {
        IReadOnlyList<int> domains = Choices.Of(Domains, "domain", options.Texts(Domains), Names);
        ImageDraws colours = draws.For(Names[Colour]), patches = draws.For("blend");
        int height = from.Height, width = from.Width;
        return DerivedImages.InEachVersion(from, Attribute, Names, domains, channels: 3, (image, index, domain, made) =>
        {
            switch (domain)
            {
                case Original:
                    Grey(image, made);
                    break;
                case Colour:
                    Coloured(image, colours.Image(index), made);
                    break;
                default:
                    NaturalTextures.Colours(patches.Image(index), height, width, made);
                    Blend(image, made);
                    break;
            }
        });
    }

    private static void Grey(ReadOnlySpan<byte> image, Span<byte> made)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            image.CopyTo(made[(channel * image.Length)..]);
        }
    }

    // x = c (1 - g) + g, with the digit's grey g and a colour c, evenly drawn from [0, 1]^3.
    private static void Coloured(ReadOnlySpan<byte> image, SeededRandom random, Span<byte> made)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            double colour = random.NextDouble();
            for (int at = 0; at < image.Length; at++)
            {
                made[(channel * image.Length) + at] = (byte)((colour * (255 - image[at])) + image[at] + 0.5);
            }
        }
    }

    private static void Blend(ReadOnlySpan<byte> image, Span<byte> patch)
    {
        for (int at = 0; at < patch.Length; at++)
        {
            patch[at] = (byte)Math.Abs(patch[at] - image[at % image.Length]);
        }
    }
}
