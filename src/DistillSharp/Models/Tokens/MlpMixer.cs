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
        Initialization.Zero(_head.Weight);
        Initialization.Zero(_head.Bias!);
        int[] layers = [0, size.Depth / 3, 2 * size.Depth / 3];
        _featureLayers = [.. layers.Distinct().Select(i => string.Create(CultureInfo.InvariantCulture, $"blocks.{i}.map")), "map", "pool"];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => _featureLayers;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor tokens = _norm.Call(_blocks.Call(TokensToMap.Back(_stem.Call(input))));
        return _head.Call(_pool.Call(_map.Call(tokens)));
    }
}
