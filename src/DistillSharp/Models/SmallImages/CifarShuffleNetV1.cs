using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// ShuffleNet with three groups for small images (Zhang et al. 2018, table 1, with a 1x1 stem and no pooling after it).
/// Names and initialisation are those of the distillation literature's public CIFAR networks: a ReLU follows each 3x3 convolution.
/// </summary>
public sealed class CifarShuffleNetV1 : ImageModel, IFoldable
{
    private const long StemChannels = 24;
    private const long Groups = 3;
    private static readonly (string Name, int Units, long Channels)[] Stages = [("layer1", 4, 240), ("layer2", 8, 480), ("layer3", 4, 960)];
    private static readonly string[] Layers = ["relu", .. Stages.Select(s => s.Name), "pool"];
    private static readonly string[] Preactivations = ["bn1", .. Stages.Select(s => $"{s.Name}.{s.Units - 1}.preact")];

    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;

    /// <summary>Makes the network.</summary>
    /// <param name="task">Image and classes; height and width are free.</param>
    /// <param name="generator">Where the weights come from.</param>
    public CifarShuffleNetV1(ImageTask task, Generator generator)
    {
        _conv1 = Register("conv1", new Conv2d(task.Channels, StemChannels, 1, generator, bias: false));
        _bn1 = Register("bn1", new BatchNorm2d(StemChannels));
        Register("relu", new ReLU());
        long channels = StemChannels;
        foreach ((string name, int count, long width) in Stages)
        {
            var units = new Module[count];
            for (int i = 0; i < count; i++)
            {
                units[i] = new ShuffleUnit(channels, i == 0 ? width - channels : width, i == 0 ? 2 : 1, channels == StemChannels ? 1 : Groups, Groups, generator);
                channels = width;
            }

            Register(name, new Sequential(units));
        }

        Register("pool", new GlobalAvgPool2d());
        Register("linear", new Linear(channels, task.Classes, generator));
    }

    /// <summary>The network by its name.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        new(
            "ShuffleV1",
            ModelGroup.SmallImages,
            949_258,
            "ShuffleNet of three groups for small images",
            [],
            (_, task, generator) => new CifarShuffleNetV1(task, generator)),
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
