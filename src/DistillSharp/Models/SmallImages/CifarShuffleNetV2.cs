using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// ShuffleNet V2 of width 1 for small images (Ma et al. 2018, table 5, with a 1x1 stem and no pooling after it).
/// Names and initialisation are those of the distillation literature's public CIFAR networks.
/// </summary>
public sealed class CifarShuffleNetV2 : ImageModel, IFoldable
{
    private const long StemChannels = 24;
    private const long LastChannels = 1024;
    private static readonly (string Name, int Units, long Channels)[] Stages = [("layer1", 4, 116), ("layer2", 8, 232), ("layer3", 4, 464)];
    private static readonly string[] Layers = ["relu", .. Stages.Select(s => s.Name), "pool"];
    private static readonly string[] Preactivations = ["bn1", .. Stages.Select(s => $"{s.Name}.{s.Units - 1}.preact")];

    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;
    private readonly Conv2d _conv2;
    private readonly BatchNorm2d _bn2;

    /// <summary>Makes the network.</summary>
    /// <param name="task">Image and classes; height and width are free.</param>
    /// <param name="generator">Where the weights come from.</param>
    public CifarShuffleNetV2(ImageTask task, Generator generator)
    {
        _conv1 = Register("conv1", new Conv2d(task.Channels, StemChannels, 1, generator, bias: false));
        _bn1 = Register("bn1", new BatchNorm2d(StemChannels));
        Register("relu", new ReLU());
        long channels = StemChannels;
        foreach ((string name, int count, long width) in Stages)
        {
            var units = new Module[count];
            units[0] = new DownShuffleUnit(channels, width, generator);
            for (int i = 1; i < count; i++)
            {
                units[i] = new SplitShuffleUnit(width, generator);
            }

            Register(name, new Sequential(units));
            channels = width;
        }

        _conv2 = Register("conv2", new Conv2d(channels, LastChannels, 1, generator, bias: false));
        _bn2 = Register("bn2", new BatchNorm2d(LastChannels));
        Register("relu2", new ReLU());
        Register("pool", new GlobalAvgPool2d());
        Register("linear", new Linear(LastChannels, task.Classes, generator));
    }

    /// <summary>The network by its name.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        new(
            "ShuffleV2",
            ModelGroup.SmallImages,
            1_355_528,
            "ShuffleNet V2 of width 1 for small images",
            [],
            (_, task, generator) => new CifarShuffleNetV2(task, generator)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => Layers;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PreactivationLayers => Preactivations;

    /// <inheritdoc/>
    public override string LastMapLayer => "relu2";

    /// <inheritdoc/>
    public IEnumerable<(Conv2d Convolution, BatchNorm2d Norm)> FoldablePairs => [(_conv1, _bn1), (_conv2, _bn2)];

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => CallChildren(input);
}
