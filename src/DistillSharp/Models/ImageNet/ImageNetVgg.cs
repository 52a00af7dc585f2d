using System.Globalization;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// VGG for photographs (Simonyan and Zisserman 2015, table 1), without batch norms: 3x3 convolutions in five stages with pooling behind each,
/// three linear layers. Names and initialisation are torchvision's.
/// </summary>
public sealed class ImageNetVgg : ImageModel
{
    private const int Smallest = 32;
    private const int PooledSize = 7;
    private const int Hidden = 4096;
    private static readonly long[] Widths = [64, 128, 256, 512, 512];

    private readonly string[] _featureLayers;
    private readonly string[] _preactivations;

    /// <summary>Makes the network.</summary>
    /// <param name="convolutions">How many convolutions each of the five stages has.</param>
    /// <param name="task">Image and classes; height and width 32 at least.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <exception cref="ArgumentException">The images are too small to be halved five times.</exception>
    public ImageNetVgg(IReadOnlyList<int> convolutions, ImageTask task, Generator generator)
    {
        if (Math.Min(task.Height, task.Width) < Smallest)
        {
            throw new ArgumentException($"A VGG for photographs takes images of {Smallest}x{Smallest} at least, not {task.Height}x{task.Width}.", nameof(task));
        }

        var features = new List<Module>();
        var ends = new List<int>();
        long channels = task.Channels;
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            for (int i = 0; i < convolutions[stage]; i++)
            {
                features.Add(new Conv2d(channels, Widths[stage], 3, generator, padding: 1));
                features.Add(new ReLU());
                channels = Widths[stage];
            }

            ends.Add(features.Count - 1);
            features.Add(new MaxPool2d(2));
        }

        Register("features", new Sequential([.. features]));
        Register("avgpool", new AdaptiveAvgPool2d(PooledSize));
        Register("flatten", new Flatten());
        Register("classifier", new Sequential(
            new Linear(channels * PooledSize * PooledSize, Hidden, generator),
            new ReLU(),
            new Dropout(0.5),
            new Linear(Hidden, Hidden, generator),
            new ReLU(),
            new Dropout(0.5),
            new Linear(Hidden, task.Classes, generator)));
        Initialize(generator);
        _featureLayers = [.. ends.Select(Feature), "classifier.4"];
        _preactivations = [.. ends.Select(end => Feature(end - 1))];
    }

    /// <summary>The networks by their names.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        Family("imagenet-vgg11", 11, [1, 1, 2, 2, 2], 132_863_336),
        Family("imagenet-vgg19", 19, [2, 2, 4, 4, 4], 143_667_240),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => _featureLayers;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PreactivationLayers => _preactivations;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => CallChildren(input);

    private static ModelFamily Family(string name, int depth, int[] convolutions, long parameters) => new(
        name,
        ModelGroup.ImageNet,
        parameters,
        $"VGG of {depth} layers for photographs, without batch norms, torchvision's vgg{depth}",
        [],
        (_, task, generator) => new ImageNetVgg(convolutions, task, generator));

    private static string Feature(int index) => "features." + index.ToString(CultureInfo.InvariantCulture);

    private void Initialize(Generator generator)
    {
        Initialization.KaimingNormalFanOut(this, generator);
        foreach ((_, Module module) in NamedModules())
        {
            if (module is Linear linear)
            {
                Initialization.SmallNormal(linear, generator);
            }
        }
    }
}
