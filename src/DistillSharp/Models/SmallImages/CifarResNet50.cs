using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// ResNet-50 for small images (He et al. 2016, table 1, with a 3x3 stem and no pooling after it): four stages of bottleneck blocks.
/// Names and initialisation are those of the distillation literature's public CIFAR networks.
/// </summary>
public sealed class CifarResNet50 : ImageModel, IFoldable
{
    private static readonly (string Name, int Blocks, long Width)[] Stages = [("layer1", 3, 64), ("layer2", 4, 128), ("layer3", 6, 256), ("layer4", 3, 512)];
    private static readonly string[] Layers = ["relu", .. Stages.Select(s => s.Name), "pool"];
    private static readonly string[] Preactivations = ["bn1", .. Stages.Select(s => $"{s.Name}.{s.Blocks - 1}.preact")];

    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;

    /// <summary>Makes the network.</summary>
    /// <param name="task">Image and classes; height and width are free.</param>
    /// <param name="generator">Where the weights come from.</param>
    public CifarResNet50(ImageTask task, Generator generator)
    {
        _conv1 = Register("conv1", new Conv2d(task.Channels, 64, 3, generator, padding: 1, bias: false));
        _bn1 = Register("bn1", new BatchNorm2d(64));
        Register("relu", new ReLU());
        long channels = 64;
        foreach ((string name, int blocks, long width) in Stages)
        {
            var modules = new Module[blocks];
            for (int i = 0; i < blocks; i++)
            {
                modules[i] = new Bottleneck(channels, width, i == 0 && channels > 64 ? 2 : 1, generator, "shortcut");
                channels = width * Bottleneck.Expansion;
            }

            Register(name, new Sequential(modules));
        }

        Register("pool", new GlobalAvgPool2d());
        Register("linear", new Linear(channels, task.Classes, generator));
        Initialization.KaimingNormalFanOut(this, generator);
    }

    /// <summary>The network by its name.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        new(
            "ResNet50",
            ModelGroup.SmallImages,
            23_705_252,
            "ResNet-50 of bottleneck blocks for small images, with a 3x3 stem and no pooling after it",
            [],
            (_, task, generator) => new CifarResNet50(task, generator)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => Layers;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PreactivationLayers => Preactivations;

    /// <inheritdoc/>
    public IEnumerable<(Conv2d Convolution, BatchNorm2d Norm)> FoldablePairs => [(_conv1, _bn1)];

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => CallChildren(input);
}
