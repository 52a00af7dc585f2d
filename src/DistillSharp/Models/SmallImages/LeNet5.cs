using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// LeNet-5 for 28x28 or 32x32 images (LeCun et al. 1998, with ReLU): two 5x5 convolutions with average pooling, three linear layers.
/// 61,706 parameters for one channel and ten classes.
/// </summary>
public sealed class LeNet5 : ImageModel
{
    private static readonly string[] Layers = ["pool1", "relu2", "pool2", "relu4"];

    // Behind a pooled map is no ReLU: what was rectified had four times as many pixels.
    private static readonly string[] Preactivations = ["pool1", "conv2", "pool2"];

    /// <summary>Makes the network.</summary>
    /// <param name="task">Images of 28x28 (padded by 2) or 32x32.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <exception cref="ArgumentException">The images have another size.</exception>
    public LeNet5(ImageTask task, Generator generator)
    {
        if (task.Height != task.Width || task.Height is not (28 or 32))
        {
            throw new ArgumentException($"LeNet-5 takes images of 28x28 or 32x32, not {task.Height}x{task.Width}.", nameof(task));
        }

        Register("conv1", new Conv2d(task.Channels, 6, 5, generator, padding: task.Height == 28 ? 2 : 0));
        Register("relu1", new ReLU());
        Register("pool1", new AvgPool2d(2));
        Register("conv2", new Conv2d(6, 16, 5, generator));
        Register("relu2", new ReLU());
        Register("pool2", new AvgPool2d(2));
        Register("flatten", new Flatten());
        Register("fc1", new Linear(16 * 5 * 5, 120, generator));
        Register("relu3", new ReLU());
        Register("fc2", new Linear(120, 84, generator));
        Register("relu4", new ReLU());
        Register("fc3", new Linear(84, task.Classes, generator));
    }

    /// <summary>The network by its name.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        new(
            "lenet5",
            ModelGroup.SmallImages,
            69_656,
            "LeNet-5 with ReLU and average pooling, for 28x28 or 32x32 images",
            [],
            (_, task, generator) => new LeNet5(task, generator)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => Layers;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PreactivationLayers => Preactivations;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => CallChildren(input);
}
