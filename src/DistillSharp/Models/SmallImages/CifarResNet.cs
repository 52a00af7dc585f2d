using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// ResNet for small images (He et al. 2016, section 4.2): a stem, three stages of basic blocks, pooling and a linear layer.
/// Names and initialisation are those of the distillation literature's public CIFAR networks.
/// </summary>
public sealed class CifarResNet : ImageModel, IFoldable
{
    private static readonly string[] Layers = ["relu", "layer1", "layer2", "layer3", "pool"];

    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;
    private readonly ReLU _relu;
    private readonly Sequential[] _stages;
    private readonly GlobalAvgPool2d _pool;
    private readonly Linear _fc;
    private readonly string[] _preactivations;

    /// <summary>Makes the network.</summary>
    /// <param name="depth">6n + 2 layers, e.g. 8, 20, 110.</param>
    /// <param name="widths">Channels of the stem and of the three stages.</param>
    /// <param name="task">Image and classes; height and width are free.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <exception cref="ArgumentException">The depth is not 6n + 2.</exception>
    public CifarResNet(int depth, IReadOnlyList<long> widths, ImageTask task, Generator generator)
    {
        if (depth < 8 || (depth - 2) % 6 != 0)
        {
            throw new ArgumentException($"A CIFAR ResNet has 6n + 2 layers (8, 14, 20, ...), not {depth}.", nameof(depth));
        }

        int blocks = (depth - 2) / 6;
        _conv1 = Register("conv1", new Conv2d(task.Channels, widths[0], 3, generator, padding: 1, bias: false));
        _bn1 = Register("bn1", new BatchNorm2d(widths[0]));
        _relu = Register("relu", new ReLU());
        _stages =
        [
            Register("layer1", Stage(widths[0], widths[1], blocks, 1, generator)),
            Register("layer2", Stage(widths[1], widths[2], blocks, 2, generator)),
            Register("layer3", Stage(widths[2], widths[3], blocks, 2, generator)),
        ];
        _pool = Register("pool", new GlobalAvgPool2d());
        _fc = Register("fc", new Linear(widths[3], task.Classes, generator));
        Initialization.KaimingNormalFanOut(this, generator);
        _preactivations = ["bn1", .. new[] { "layer1", "layer2", "layer3" }.Select(stage => $"{stage}.{blocks - 1}.preact")];
    }

    /// <summary>The networks by their names.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        Family("resnet8", 8, [16, 16, 32, 64], 83_892),
        Family("resnet14", 14, [16, 16, 32, 64], 181_108),
        Family("resnet20", 20, [16, 16, 32, 64], 278_324),
        Family("resnet32", 32, [16, 16, 32, 64], 472_756),
        Family("resnet44", 44, [16, 16, 32, 64], 667_188),
        Family("resnet56", 56, [16, 16, 32, 64], 861_620),
        Family("resnet110", 110, [16, 16, 32, 64], 1_736_564),
        Family("resnet8x4", 8, [32, 64, 128, 256], 1_233_540),
        Family("resnet32x4", 32, [32, 64, 128, 256], 7_433_860),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => Layers;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PreactivationLayers => _preactivations;

    /// <inheritdoc/>
    public IEnumerable<(Conv2d Convolution, BatchNorm2d Norm)> FoldablePairs => [(_conv1, _bn1)];

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor x = _relu.Call(_bn1.Call(_conv1.Call(input)));
        foreach (Sequential stage in _stages)
        {
            x = stage.Call(x);
        }

        return _fc.Call(_pool.Call(x));
    }

    private static ModelFamily Family(string name, int depth, long[] widths, long parameters) => new(
        name,
        ModelGroup.SmallImages,
        parameters,
        $"ResNet of {depth} layers for small images, stages of {widths[1]}, {widths[2]} and {widths[3]} channels",
        [],
        (_, task, generator) => new CifarResNet(depth, widths, task, generator));

    private static Sequential Stage(long inChannels, long outChannels, int blocks, long stride, Generator generator)
    {
        var modules = new Module[blocks];
        for (int i = 0; i < blocks; i++)
        {
            modules[i] = new BasicBlock(i == 0 ? inChannels : outChannels, outChannels, i == 0 ? stride : 1, generator);
        }

        return new Sequential(modules);
    }
}
