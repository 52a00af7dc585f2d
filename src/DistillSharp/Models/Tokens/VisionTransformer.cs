using DistillSharp.Configuration;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// Vision transformer (Dosovitskiy et al. 2021): patches of the image as tokens, layers of attention, a linear layer. The large one reads
/// the answer off a token of its own and has torchvision's names and initialisation; the small one off the mean of the patches' tokens,
/// which learns faster on little data (Beyer et al. 2022).
/// </summary>
/// <remarks>
/// Its maps are the grids of patch tokens that enter chosen layers, <c>[N, E, h, w]</c>: <c>encoder.layers.encoder_layer_3.map</c>. Where a token of
/// its own gives the answer, the last map is what enters the last layer: behind it no gradient reaches the patches.
/// </remarks>
public sealed class VisionTransformer : ImageModel
{
    private readonly string[] _featureLayers;
    private readonly Conv2d _projection;
    private readonly TransformerEncoder _encoder;
    private readonly TokensToMap? _map;
    private readonly Module _pool;
    private readonly Sequential _heads;

    /// <summary>Makes the network.</summary>
    /// <param name="size">Patches, width, depth and the like.</param>
    /// <param name="classToken">Whether a token of its own gives the answer; the mean of the patches' elsewhere.</param>
    /// <param name="task">Image and classes; height and width are multiples of the patch.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <exception cref="ArgumentException">The image is not a whole number of patches, or the heads cannot share the width.</exception>
    public VisionTransformer(TransformerSize size, bool classToken, ImageTask task, Generator generator)
    {
        PatchGrid grid = PatchGrid.Of(task, size.Patch);
        HasClassToken = classToken;
        if (classToken)
        {
            RegisterParameter("class_token", Operators.Zeros([1, 1, size.Width]));
        }

        _projection = Register("conv_proj", new Conv2d(task.Channels, size.Width, size.Patch, generator, stride: size.Patch));
        Initialization.Normal(_projection.Weight, Math.Sqrt(1.0 / (task.Channels * size.Patch * size.Patch)), generator);
        Initialization.Zero(_projection.Bias!);
        _encoder = Register("encoder", new TransformerEncoder(size, grid, classToken ? 1 : 0, generator));
        _map = classToken ? null : Register("map", new TokensToMap(grid.Height, grid.Width));
        _pool = Register<Module>("pool", classToken ? new FirstToken() : new GlobalAvgPool2d());
        var head = new Linear(size.Width, task.Classes, generator);
        if (classToken)
        {
            Initialization.Zero(head.Weight);
            Initialization.Zero(head.Bias!);
        }

        _heads = Register("heads", new Sequential(("head", head)));
        int[] layers = [0, size.Depth / 3, 2 * size.Depth / 3, .. classToken ? [size.Depth - 1] : Array.Empty<int>()];
        IEnumerable<string> maps = layers.Distinct().Select(i => $"encoder.layers.{TransformerEncoder.LayerName(i)}.map");
        _featureLayers = [.. maps, .. classToken ? Array.Empty<string>() : ["map"], "pool"];
    }

    /// <summary>The small network by its name.</summary>
    public static IReadOnlyList<ModelFamily> SmallFamilies { get; } =
    [
        new(
            "vit-small",
            ModelGroup.SmallImages,
            214_692,
            "Small vision transformer: patches as tokens, the mean of which gives the answer",
            [
                new OptionSpec("patch", OptionKind.Integer, 4L, "Height and width of a patch, pixels; the image's are multiples of it", Minimum: 1, Maximum: 64),
                new OptionSpec("width", OptionKind.Integer, 64L, "Features of a token; a multiple of the heads", Minimum: 1, Maximum: 4096),
                new OptionSpec("depth", OptionKind.Integer, 6L, "Layers", Minimum: 1, Maximum: 100),
                new OptionSpec("heads", OptionKind.Integer, 4L, "Heads of the attention", Minimum: 1, Maximum: 256),
                new OptionSpec("mlp-width", OptionKind.Integer, 128L, "Features between the two linear layers of each layer", Minimum: 1, Maximum: 16384),
                new OptionSpec("dropout", OptionKind.Number, 0.0, "Share of features dropped while training", Minimum: 0, Maximum: 0.9),
            ],
            (options, task, generator) => new VisionTransformer(
                new TransformerSize(options.Integer("patch"), options.Integer("width"), options.Integer("depth"), options.Integer("heads"), options.Integer("mlp-width"), options.Number("dropout")),
                classToken: false,
                task,
                generator)),
    ];

    /// <summary>The large network by its name.</summary>
    public static IReadOnlyList<ModelFamily> ImageNetFamilies { get; } =
    [
        new(
            "vit_b_32",
            ModelGroup.ImageNet,
            88_224_232,
            "Vision transformer, base, patches of 32x32, for photographs, torchvision's vit_b_32",
            [],
            (_, task, generator) => new VisionTransformer(new TransformerSize(32, 768, 12, 12, 3072), classToken: true, task, generator)),
    ];

    /// <summary>Whether a token of its own gives the answer.</summary>
    public bool HasClassToken { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => _featureLayers;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor patches = TokensToMap.Back(_projection.Call(input));
        if (!HasClassToken)
        {
            return _heads.Call(_pool.Call(_map!.Call(_encoder.Call(patches))));
        }

        Tensor token = Parameter("class_token").Expand([input.Size(0), -1, -1]);
        return _heads.Call(_pool.Call(_encoder.Call(Operators.Cat([token, patches], 1))));
    }
}
