using System.Globalization;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// VGG with batch norms for small images (Simonyan and Zisserman 2015, table 1): five blocks of 3x3 convolutions, then the mean of each
/// map and one linear layer in place of the three. Images below 64 pixels are halved three times, larger ones four times.
/// Names and initialisation are those of the distillation literature's public CIFAR networks.
/// </summary>
public sealed class CifarVgg : ImageModel
{
    private const int LeastSide = 8;
    private const int LargeSide = 64;
    private static readonly string[] Layers = ["relu0", "relu1", "relu2", "relu3", "relu4", "pool4"];
    private static readonly string[] Preactivations = ["block0", "block1", "block2", "block3", "block4"];

    /// <summary>Makes the network.</summary>
    /// <param name="blocks">Channels of each convolution of the five blocks.</param>
    /// <param name="task">Image and classes; at least 8x8 pixels.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <exception cref="ArgumentException">The images are too small, or there are not five blocks.</exception>
    public CifarVgg(IReadOnlyList<long[]> blocks, ImageTask task, Generator generator)
    {
        int side = Math.Min(task.Height, task.Width);
        if (side < LeastSide)
        {
            throw new ArgumentException($"A VGG halves its maps three times and takes images of {LeastSide}x{LeastSide} or larger, not {task.Height}x{task.Width}.", nameof(task));
        }

        if (blocks.Count != Preactivations.Length)
        {
            throw new ArgumentException($"A VGG has {Preactivations.Length} blocks, not {blocks.Count}.", nameof(blocks));
        }

        long channels = task.Channels;
        for (int i = 0; i < blocks.Count; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            Register("block" + number, Block(channels, blocks[i], generator));
            Register("relu" + number, new ReLU());
            channels = blocks[i][^1];
            if (i < 3 || (i == 3 && side >= LargeSide))
            {
                Register("pool" + number, new MaxPool2d(2));
            }
        }

        Register("pool4", new GlobalAvgPool2d());
        Linear classifier = Register("classifier", new Linear(channels, task.Classes, generator));
        Initialization.KaimingNormalFanOut(this, generator);
        Initialization.SmallNormal(classifier, generator);
    }

    /// <summary>The networks by their names.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        Family("vgg8", 3_965_028, [64], [128], [256], [512], [512]),
        Family("vgg11", 9_277_284, [64], [128], [256, 256], [512, 512], [512, 512]),
        Family("vgg13", 9_462_180, [64, 64], [128, 128], [256, 256], [512, 512], [512, 512]),
        Family("vgg16", 14_774_436, [64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]),
        Family("vgg19", 20_086_692, [64, 64], [128, 128], [256, 256, 256, 256], [512, 512, 512, 512], [512, 512, 512, 512]),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => Layers;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PreactivationLayers => Preactivations;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => CallChildren(input);

    /// <summary>The last ReLU stands outside the block, so that the block gives out the map before it.</summary>
    private static Sequential Block(long channels, long[] widths, Generator generator)
    {
        var modules = new List<Module>();
        foreach (long width in widths)
        {
            if (modules.Count > 0)
            {
                modules.Add(new ReLU());
            }

            modules.Add(new Conv2d(channels, width, 3, generator, padding: 1));
            modules.Add(new BatchNorm2d(width));
            channels = width;
        }

        return new Sequential(modules.ToArray());
    }

    private static ModelFamily Family(string name, long parameters, params long[][] blocks) => new(
        name,
        ModelGroup.SmallImages,
        parameters,
        $"VGG with batch norms for small images, {blocks.Sum(b => b.Length)} convolutions and one linear layer",
        [],
        (_, task, generator) => new CifarVgg(blocks, task, generator));
}
