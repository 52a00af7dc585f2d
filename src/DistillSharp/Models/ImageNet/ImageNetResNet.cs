using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// ResNet for photographs (He et al. 2016, table 1): a 7x7 stem, four stages of blocks, pooling and a linear layer. Names and
/// initialisation are torchvision's, which halves the maps of a bottleneck in its 3x3 convolution.
/// </summary>
public sealed class ImageNetResNet : ImageModel, IFoldable
{
    private static readonly string[] Layers = ["relu", "layer1", "layer2", "layer3", "layer4", "avgpool"];
    private static readonly long[] Widths = [64, 128, 256, 512];

    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;
    private readonly string[] _preactivations;

    /// <summary>Makes the network.</summary>
    /// <param name="blocks">How many blocks each of the four stages has.</param>
    /// <param name="bottleneck">Whether the blocks are bottlenecks; two 3x3 convolutions elsewhere.</param>
    /// <param name="task">Image and classes; height and width are free.</param>
    /// <param name="generator">Where the weights come from.</param>
    public ImageNetResNet(IReadOnlyList<int> blocks, bool bottleneck, ImageTask task, Generator generator)
    {
        _conv1 = Register("conv1", new Conv2d(task.Channels, 64, 7, generator, stride: 2, padding: 3, bias: false));
        _bn1 = Register("bn1", new BatchNorm2d(64));
        Register("relu", new ReLU());
        Register("maxpool", new MaxPool2d(3, stride: 2, padding: 1));
        long channels = 64;
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            Register(Layers[stage + 1], Stage(ref channels, Widths[stage], blocks[stage], stage == 0 ? 1 : 2, bottleneck, generator));
        }

        Register("avgpool", new GlobalAvgPool2d());
        Register("fc", new Linear(channels, task.Classes, generator));
        Initialization.KaimingNormalFanOut(this, generator);
        _preactivations = ["bn1", .. Widths.Select((_, stage) => $"{Layers[stage + 1]}.{blocks[stage] - 1}.preact")];
    }

    /// <summary>The networks by their names.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        Family("imagenet-resnet18", 18, [2, 2, 2, 2], bottleneck: false, 11_689_512),
        Family("imagenet-resnet34", 34, [3, 4, 6, 3], bottleneck: false, 21_797_672),
        Family("imagenet-resnet50", 50, [3, 4, 6, 3], bottleneck: true, 25_557_032),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => Layers;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PreactivationLayers => _preactivations;

    /// <inheritdoc/>
    public IEnumerable<(Conv2d Convolution, BatchNorm2d Norm)> FoldablePairs => [(_conv1, _bn1)];

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => CallChildren(input);

    private static ModelFamily Family(string name, int depth, int[] blocks, bool bottleneck, long parameters) => new(
        name,
        ModelGroup.ImageNet,
        parameters,
        $"ResNet of {depth} layers for photographs, torchvision's resnet{depth}",
        [],
        (_, task, generator) => new ImageNetResNet(blocks, bottleneck, task, generator));

    private static Sequential Stage(ref long channels, long width, int blocks, long stride, bool bottleneck, Generator generator)
    {
        var modules = new Module[blocks];
        for (int i = 0; i < blocks; i++)
        {
            long step = i == 0 ? stride : 1;
            modules[i] = bottleneck
                ? new Bottleneck(channels, width, step, generator, "downsample")
                : new BasicBlock(channels, width, step, generator);
            channels = bottleneck ? width * Bottleneck.Expansion : width;
        }

        return new Sequential(modules);
    }
}
