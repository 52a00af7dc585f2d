using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// A small convolutional network: one 3x3 convolution, batch norm and ReLU a stage, halved in size between stages,
/// then pooling and a linear layer. With three stages the last map of a 28x28 image is 7x7: large enough to say where it looks.
/// </summary>
public sealed class ConvNet : ImageModel
{
    private readonly string[] _layers;

    /// <summary>Makes the network.</summary>
    /// <param name="widths">Channels of each stage; two stages at least.</param>
    /// <param name="task">Image and classes.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <exception cref="ArgumentException">Fewer than two stages, or more than the image can be halved for.</exception>
    public ConvNet(IReadOnlyList<long> widths, ImageTask task, Generator generator)
    {
        if (widths.Count < 2 || Math.Min(task.Height, task.Width) >> (widths.Count - 1) < 2)
        {
            throw new ArgumentException($"A convnet for {task.Height}x{task.Width} images has from 2 to {(int)Math.Log2(Math.Min(task.Height, task.Width))} stages; {widths.Count} widths were given.", nameof(widths));
        }

        long channels = task.Channels;
        for (int i = 0; i < widths.Count; i++)
        {
            var layers = new List<(string, Module)>();
            if (i > 0)
            {
                layers.Add(("pool", new MaxPool2d(2)));
            }

            layers.Add(("conv", new Conv2d(channels, widths[i], 3, generator, padding: 1, bias: false)));
            layers.Add(("bn", new BatchNorm2d(widths[i])));
            layers.Add(("relu", new ReLU()));
            Register(StageName(i), new Sequential(layers.ToArray()));
            channels = widths[i];
        }

        Register("pool", new GlobalAvgPool2d());
        Register("fc", new Linear(channels, task.Classes, generator));
        _layers = [.. Enumerable.Range(0, widths.Count).Select(StageName), "pool"];
    }

    /// <summary>The network by its name.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        new(
            "convnet",
            ModelGroup.SmallImages,
            106_372,
            "Small convolutional network, one 3x3 convolution a stage, halved between stages",
            [new OptionSpec("widths", OptionKind.IntegerList, new long[] { 32, 64, 128 }, "Channels of each stage", Minimum: 1, Maximum: 4096)],
            (options, task, generator) => new ConvNet(options.Integers("widths"), task, generator)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => _layers;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PreactivationLayers => [.. _layers.SkipLast(1).Select(stage => stage + ".bn")];

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => CallChildren(input);

    private static string StageName(int index) => "stage" + (index + 1).ToString(CultureInfo.InvariantCulture);
}
