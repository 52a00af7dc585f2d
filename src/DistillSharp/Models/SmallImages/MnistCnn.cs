using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// The network of PyTorch's MNIST example, which Ojha et al. 2023 (section 5.1) use for teacher and students: two 3x3 convolutions, max-pooling, two
/// linear layers. 1,199,882 parameters for 28x28 images of one channel and ten classes.
/// </summary>
/// <remarks>The example's two dropouts are left out, as in the code of Ojha et al.; they have no weights, so names fit PyTorch's all the same.</remarks>
public sealed class MnistCnn : ImageModel
{
    private const int SmallestSide = 6;
    private static readonly string[] Layers = ["relu1", "relu2", "relu3"];
    private static readonly string[] Preactivations = ["conv1", "conv2"];

    /// <summary>Makes the network.</summary>
    /// <param name="task">Images of 6x6 or larger; 28x28 give the example's linear layer from 9216 to 128.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <exception cref="ArgumentException">The images are smaller.</exception>
    public MnistCnn(ImageTask task, Generator generator)
    {
        if (Math.Min(task.Height, task.Width) < SmallestSide)
        {
            throw new ArgumentException($"The MNIST network takes images of {SmallestSide}x{SmallestSide} or larger, not {task.Height}x{task.Width}.", nameof(task));
        }

        Register("conv1", new Conv2d(task.Channels, 32, 3, generator));
        Register("relu1", new ReLU());
        Register("conv2", new Conv2d(32, 64, 3, generator));
        Register("relu2", new ReLU());
        Register("pool", new MaxPool2d(2));
        Register("flatten", new Flatten());
        Register("fc1", new Linear(64 * ((task.Height - 4) / 2) * ((task.Width - 4) / 2), 128, generator));
        Register("relu3", new ReLU());
        Register("fc2", new Linear(128, task.Classes, generator));
    }

    /// <summary>The network by its name.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        new(
            "mnist-cnn",
            ModelGroup.SmallImages,
            1_638_052,
            "PyTorch's MNIST example without dropout: two 3x3 convolutions, max-pooling, two linear layers",
            [],
            (_, task, generator) => new MnistCnn(task, generator)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => Layers;

    /// <inheritdoc/>
    public override IReadOnlyList<string> PreactivationLayers => Preactivations;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => CallChildren(input);
}
