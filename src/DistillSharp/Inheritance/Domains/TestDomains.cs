using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>The domains that are made from test images, by name; all deterministic.</summary>
internal static class TestDomains
{
    public const string Edges = "edges";
    public const string Silhouettes = "silhouettes";
    public const string Inverted = "inverted";
    public const string Blurred = "blurred";
    public const string Textured = "textured";
    public const string CueConflict = "cue-conflict";
    public const string Threshold = "foreground-threshold";
    public const string Patch = "texture-patch";

    /// <summary>The names, in the order to be reported.</summary>
    public static IReadOnlyList<string> Names { get; } = [Edges, Silhouettes, Inverted, Blurred, Textured, CueConflict];

    /// <summary>The options of whatever needs a foreground and a texture.</summary>
    public static IReadOnlyList<OptionSpec> CueOptions { get; } =
    [
        new OptionSpec(Threshold, OptionKind.Number, 0.1, "Difference in grey from the background, 0 to 1, from which on a pixel belongs to the object", Minimum: 0, Maximum: 1),
        new OptionSpec(Patch, OptionKind.Integer, null, "Side in pixels of the patch that the texture of cue-conflict images is tiled from; a quarter of the image's smaller side where left out", Minimum: 1),
    ];

    /// <summary>What of <see cref="CueOptions"/> is not possible for images.</summary>
    public static IEnumerable<OptionProblem> CheckCues(OptionValues options, AnalysisSetting setting)
    {
        int most = Math.Min(setting.Height, setting.Width);
        return options.Has(Patch) && options.Integer(Patch) > most
            ? [new OptionProblem(Patch, FormattableString.Invariant($"expected at most {most}, the images' smaller side in pixels, found {options.Integer(Patch)}."))]
            : [];
    }

    /// <summary>What images of a domain are called in sentences.</summary>
    public static string Words(string name) => name switch
    {
        Edges => "edge images",
        Silhouettes => "silhouettes",
        Inverted => "inverted images",
        Blurred => "blurred images",
        Textured => "images before a textured background",
        CueConflict => "cue-conflict images",
        "test" => "test images",
        _ => $"images of the domain '{name}'",
    };

    /// <summary>Makes a domain's images out of test images; its tensors are on the caller's scope.</summary>
    /// <exception cref="ArgumentException">There is no such domain, or the images cannot be made: the message says why.</exception>
    public static ImageDomain Make(string name, ImageSample sample, OptionValues options)
    {
        Tensor images = sample.Images;
        if (name == CueConflict)
        {
            return CueConflicting(sample, options);
        }

        Tensor made = name switch
        {
            Edges => DomainImages.Edges(images),
            Silhouettes => DomainImages.Silhouettes(images, options.Number(Threshold)),
            Inverted => DomainImages.Inverted(images),
            Blurred => DomainImages.Blurred(images, options.Number("blur-sigma")),
            Textured => DomainImages.OnTexture(
                images,
                NoiseTextures.Make(sample.Indices, images.Size(1), images.Size(2), images.Size(3), options.Number("texture-sigma")).To(images.Device),
                options.Number(Threshold),
                options.Number("texture-strength")),
            _ => throw new ArgumentException(NearestName.Explain("domain", name, Names), nameof(name)),
        };
        return new ImageDomain(name, new ImageSet(made, sample.Labels, sample.Indices));
    }

    /// <summary>The cue-conflict images of a sample.</summary>
    /// <inheritdoc cref="Make"/>
    public static ImageDomain CueConflicting(ImageSample sample, OptionValues options)
    {
        using var scope = new TensorScope();
        int[] partners = CueConflicts.Partners(sample.Classes);
        int side = (int)Math.Min(sample.Images.Size(2), sample.Images.Size(3));
        int patch = options.Has(Patch) ? options.Integer(Patch) : Math.Max(1, side / 4);
        Tensor textures = sample.Images.IndexSelect(0, Tensor.From(Array.ConvertAll(partners, p => (long)p)).To(sample.Images.Device));
        Tensor made = CueConflicts.Make(sample.Images, textures, options.Number(Threshold), patch);
        return new ImageDomain(CueConflict, new ImageSet(scope.Keep(made), sample.Labels, sample.Indices), Array.ConvertAll(partners, p => sample.Classes[p]));
    }
}
