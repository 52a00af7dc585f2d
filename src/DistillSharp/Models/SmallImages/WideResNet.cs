using System.Globalization;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// Wide residual network for small images (Zagoruyko and Komodakis 2016, table 1), without dropout: a stem, three stages of blocks that
/// normalise before they convolve, a last norm and ReLU, pooling and a linear layer.
/// Names and initialisation are those of the distillation literature's public CIFAR networks.
/// </summary>
public sealed class WideResNet : ImageModel, IFoldable
{
    private static readonly string[] Layers = ["conv1", "block1", "block2", "block3", "pool"];

    // The sums at the stages' ends are rectified by the next block only, behind its norm.
    private static readonly string[] Preactivations = ["block1.layer.0.bn1", "block2.layer.0.bn1", "block3.layer.0.bn1", "bn1"];

    private readonly Conv2d _conv1;
    private readonly WideBlock _firstBlock;

    /// <summary>Makes the network.</summary>
    /// <param name="depth">6n + 4 layers, e.g. 16, 40.</param>
    /// <param name="widening">How many times as many channels as the narrowest network: stages of 16, 32 and 64 times this.</param>
    /// <param name="task">Image and classes; height and width are free.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <exception cref="ArgumentException">The depth is not 6n + 4.</exception>
    public WideResNet(int depth, int widening, ImageTask task, Generator generator)
    {
        if (depth < 10 || (depth - 4) % 6 != 0)
        {
            throw new ArgumentException($"A wide ResNet has 6n + 4 layers (10, 16, 22, ...), not {depth}.", nameof(depth));
        }

        int blocks = (depth - 4) / 6;
        _conv1 = Register("conv1", new Conv2d(task.Channels, 16, 3, generator, padding: 1, bias: false));
        long channels = 16;
        WideBlock? firstBlock = null;
        for (int stage = 0; stage < 3; stage++)
        {
            long width = (16L << stage) * widening;
            var modules = new WideBlock[blocks];
            for (int i = 0; i < blocks; i++)
            {
                modules[i] = new WideBlock(i == 0 ? channels : width, width, i == 0 && stage > 0 ? 2 : 1, generator);
            }

            firstBlock ??= modules[0];
            Register("block" + (stage + 1).ToString(CultureInfo.InvariantCulture), new Sequential(("layer", new Sequential(modules))));
            channels = width;
        }

        _firstBlock = firstBlock!;
        Register("bn1", new BatchNorm2d(channels));
        Register("relu", new ReLU());
        Register("pool", new GlobalAvgPool2d());
        var fc = Register("fc", new Linear(channels, task.Classes, generator));
        Initialization.KaimingNormalFanOut(this, generator);
        using GradModeScope noGrad = Autograd.NoGrad();
        fc.Bias!.ZeroInPlace();
    }

    /// <summary>The networks by their names.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        Family("wrn_16_1", 16, 1, 180_916),
        Family("wrn_16_2", 16, 2, 703_284),
        Family("wrn_40_1", 40, 1, 569_780),
        Family("wrn_40_2", 40, 2, 2_255_156),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => Layers;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PreactivationLayers => Preactivations;

    /// <inheritdoc/>
    public override string LastMapLayer => "relu";

    /// <inheritdoc/>
    public IEnumerable<(Conv2d Convolution, BatchNorm2d Norm)> FoldablePairs => _firstBlock.HasShortcut ? [(_conv1, _firstBlock.FirstNorm)] : [];

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => CallChildren(input);

    private static ModelFamily Family(string name, int depth, int widening, long parameters) => new(
        name,
        ModelGroup.SmallImages,
        parameters,
        $"Wide ResNet of {depth} layers, stages of {16 * widening}, {32 * widening} and {64 * widening} channels",
        [],
        (_, task, generator) => new WideResNet(depth, widening, task, generator));
}
