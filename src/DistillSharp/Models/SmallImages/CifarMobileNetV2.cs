using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// MobileNetV2 of half the width for small images (Sandler et al. 2018, table 2), with ReLU in place of ReLU6 and no dropout.
/// Images are halved four times, not five. Names and initialisation are those of the distillation literature's public CIFAR networks.
/// </summary>
public sealed class CifarMobileNetV2 : ImageModel
{
    private const int LastChannels = 1280;

    private static readonly (int Expansion, long Channels, int Blocks, long Stride)[] Stages =
    [
        (1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ];

    private static readonly string[] Layers = ["conv1", "blocks.1", "blocks.2", "blocks.4", "blocks.6", "pool"];

    // The blocks end in linear layers: no ReLU is behind their maps.
    private static readonly string[] Preactivations = ["conv1.1", "blocks.1", "blocks.2", "blocks.4", "blocks.6"];

    /// <summary>Makes the network.</summary>
    /// <param name="task">Image and classes; height and width are free.</param>
    /// <param name="generator">Where the weights come from.</param>
    public CifarMobileNetV2(ImageTask task, Generator generator)
    {
        long channels = Half(32);
        Register("conv1", new Sequential(
            new Conv2d(task.Channels, channels, 3, generator, stride: 2, padding: 1, bias: false),
            new BatchNorm2d(channels),
            new ReLU()));
        var stages = new Module[Stages.Length];
        for (int s = 0; s < stages.Length; s++)
        {
            (int expansion, long width, int count, long stride) = Stages[s];
            var blocks = new Module[count];
            for (int i = 0; i < count; i++)
            {
                blocks[i] = Block(channels, Half(width), i == 0 ? stride : 1, expansion, generator);
                channels = Half(width);
            }

            stages[s] = new Sequential(blocks);
        }

        Register("blocks", new Sequential(stages));
        Register("conv2", new Sequential(new Conv2d(channels, LastChannels, 1, generator, bias: false), new BatchNorm2d(LastChannels), new ReLU()));
        Register("pool", new GlobalAvgPool2d());
        var classifier = new Linear(LastChannels, task.Classes, generator);
        Register("classifier", new Sequential(classifier));
        Initialization.KaimingNormalFanOut(this, generator);
        Initialization.SmallNormal(classifier, generator);
    }

    /// <summary>The network by its name.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        new(
            "MobileNetV2",
            ModelGroup.SmallImages,
            812_836,
            "MobileNetV2 of half the width for small images, with ReLU",
            [],
            (_, task, generator) => new CifarMobileNetV2(task, generator)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => Layers;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PreactivationLayers => Preactivations;

    /// <inheritdoc/>
    public override string LastMapLayer => "conv2";

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => CallChildren(input);

    private static long Half(long channels) => channels / 2;

    private static InvertedResidual Block(long inChannels, long outChannels, long stride, int expansion, Generator generator)
    {
        long width = inChannels * expansion;
        return new InvertedResidual(inChannels, outChannels, stride, new Sequential(
            new Conv2d(inChannels, width, 1, generator, bias: false),
            new BatchNorm2d(width),
            new ReLU(),
            new Conv2d(width, width, 3, generator, stride, padding: 1, groups: width, bias: false),
            new BatchNorm2d(width),
            new ReLU(),
            new Conv2d(width, outChannels, 1, generator, bias: false),
            new BatchNorm2d(outChannels)));
    }
}
