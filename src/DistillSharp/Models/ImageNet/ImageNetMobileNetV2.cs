using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// MobileNetV2 for photographs (Sandler et al. 2018, table 2): a 3x3 stem, seventeen inverted residuals, a 1x1 convolution, pooling and a linear
/// layer. Names and initialisation are torchvision's.
/// </summary>
public sealed class ImageNetMobileNetV2 : ImageModel
{
    // Before each halving and at the end.
    private static readonly string[] Layers = ["features.1", "features.3", "features.6", "features.13", "features.18", "pool"];
    private static readonly string[] Preactivations = ["features.1", "features.3", "features.6", "features.13", "features.18.1"];

    private static readonly (int Expansion, long Channels, int Blocks, long Stride)[] Stages =
    [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ];

    /// <summary>Makes the network.</summary>
    /// <param name="task">Image and classes; height and width are free.</param>
    /// <param name="generator">Where the weights come from.</param>
    public ImageNetMobileNetV2(ImageTask task, Generator generator)
    {
        long channels = 32;
        var features = new List<Module> { Convolution(task.Channels, channels, 3, 2, 1, generator) };
        foreach ((int expansion, long outChannels, int blocks, long stride) in Stages)
        {
            for (int i = 0; i < blocks; i++)
            {
                features.Add(Block(channels, outChannels, expansion, i == 0 ? stride : 1, generator));
                channels = outChannels;
            }
        }

        features.Add(Convolution(channels, 1280, 1, 1, 1, generator));
        Register("features", new Sequential([.. features]));
        Register("pool", new GlobalAvgPool2d());
        var linear = new Linear(1280, task.Classes, generator);
        Register("classifier", new Sequential(new Dropout(0.2), linear));
        Initialization.KaimingNormalFanOut(this, generator);
        Initialization.SmallNormal(linear, generator);
    }

    /// <summary>The network by its name.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        new(
            "imagenet-mobilenet_v2",
            ModelGroup.ImageNet,
            3_504_872,
            "MobileNetV2 for photographs, torchvision's mobilenet_v2",
            [],
            (_, task, generator) => new ImageNetMobileNetV2(task, generator)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => Layers;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PreactivationLayers => Preactivations;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => CallChildren(input);

    private static Sequential Convolution(long inChannels, long outChannels, long kernel, long stride, long groups, Generator generator) => new(
        new Conv2d(inChannels, outChannels, kernel, generator, stride, padding: (kernel - 1) / 2, groups, bias: false),
        new BatchNorm2d(outChannels),
        new ReLU6());

    private static InvertedResidual Block(long inChannels, long outChannels, int expansion, long stride, Generator generator)
    {
        long hidden = inChannels * expansion;
        Module[] layers =
        [
            .. expansion == 1 ? Array.Empty<Module>() : [Convolution(inChannels, hidden, 1, 1, 1, generator)],
            Convolution(hidden, hidden, 3, stride, hidden, generator),
            new Conv2d(hidden, outChannels, 1, generator, bias: false),
            new BatchNorm2d(outChannels),
        ];
        return new InvertedResidual(inChannels, outChannels, stride, new Sequential(layers));
    }
}
