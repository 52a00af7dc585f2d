using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// MLP-Mixer (Tolstikhin et al. 2021): patches of the image as tokens, and linear layers across tokens and across features in turn; neither
/// convolution nor attention. Names are timm's.
/// </summary>
/// <remarks>Its maps are the grids of tokens that enter chosen layers, <c>blocks.2.map</c>, and those behind the last norm, <c>map</c>: <c>[N, E, h, w]</c>.</remarks>
public sealed class MlpMixer : ImageModel
{
    private readonly string[] _featureLayers;
    private readonly Sequential _stem;
    private readonly Sequential _blocks;
    private readonly LayerNorm _norm;
    private readonly TokensToMap _map;
    private readonly GlobalAvgPool2d _pool;
    private readonly Linear _head;

    /// <summary>Makes the network.</summary>
    /// <param name="size">Patches, width, depth and the like.</param>
    /// <param name="task">Image and classes; height and width are multiples of the patch.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <exception cref="ArgumentException">The image is not a whole number of patches.</exception>
    public MlpMixer(MixerSize size, ImageTask task, Generator generator)
    {
        PatchGrid grid = PatchGrid.Of(task, size.Patch);
        _stem = Register("stem", new Sequential(("proj", new Conv2d(task.Channels, size.Width, size.Patch, generator, stride: size.Patch))));
        var blocks = new Module[size.Depth];
        for (int i = 0; i < size.Depth; i++)
        {
            blocks[i] = new MixerBlock(size, grid, generator);
        }

        _blocks = Register("blocks", new Sequential(blocks));
        _norm = Register("norm", new LayerNorm(size.Width, TransformerSize.Epsilon));
        _map = Register("map", new TokensToMap(grid.Height, grid.Width));
        _pool = Register("pool", new GlobalAvgPool2d());
        _head = Register("head", new Linear(size.Width, task.Classes, generator));
        int[] layers = [0, size.Depth / 3, 2 * size.Depth / 3];
        _featureLayers = [.. layers.Distinct().Select(i => string.Create(CultureInfo.InvariantCulture, $"blocks.{i}.map")), "map", "pool"];
    }

    /// <summary>The network by its name.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        new(
            "mlp-mixer",
            ModelGroup.SmallImages,
            210_980,
            "Small MLP-Mixer: patches as tokens, linear layers across tokens and across features in turn",
            [
                new OptionSpec("patch", OptionKind.Integer, 4L, "Height and width of a patch, pixels; the image's are multiples of it", Minimum: 1, Maximum: 64),
                new OptionSpec("width", OptionKind.Integer, 64L, "Features of a token", Minimum: 1, Maximum: 4096),
                new OptionSpec("depth", OptionKind.Integer, 8L, "Layers", Minimum: 1, Maximum: 100),
                new OptionSpec("token-width", OptionKind.Integer, 64L, "Features between the two linear layers across tokens", Minimum: 1, Maximum: 16384),
                new OptionSpec("channel-width", OptionKind.Integer, 128L, "Features between the two linear layers across features", Minimum: 1, Maximum: 16384),
                new OptionSpec("dropout", OptionKind.Number, 0.0, "Share of features dropped while training", Minimum: 0, Maximum: 0.9),
            ],
            (options, task, generator) => new MlpMixer(
                new MixerSize(options.Integer("patch"), options.Integer("width"), options.Integer("depth"), options.Integer("token-width"), options.Integer("channel-width"), options.Number("dropout")),
                task,
                generator)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => _featureLayers;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor tokens = _norm.Call(_blocks.Call(TokensToMap.Back(_stem.Call(input))));
        return _head.Call(_pool.Call(_map.Call(tokens)));
    }
}
