using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>Every network by name.</summary>
public static class ModelZoo
{
    private static readonly (string Name, int Depth, long[] Widths)[] CifarResNets =
    [
        ("resnet8", 8, [16, 16, 32, 64]),
        ("resnet14", 14, [16, 16, 32, 64]),
        ("resnet20", 20, [16, 16, 32, 64]),
        ("resnet32", 32, [16, 16, 32, 64]),
        ("resnet44", 44, [16, 16, 32, 64]),
        ("resnet56", 56, [16, 16, 32, 64]),
        ("resnet110", 110, [16, 16, 32, 64]),
        ("resnet8x4", 8, [32, 64, 128, 256]),
        ("resnet32x4", 32, [32, 64, 128, 256]),
    ];

    /// <summary>The networks, in the order to be listed.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        new(
            "convnet",
            "Small convolutional network, one 3x3 convolution a stage, halved between stages",
            [new OptionSpec("widths", OptionKind.IntegerList, new long[] { 32, 64, 128 }, "Channels of each stage", Minimum: 1, Maximum: 4096)],
            (options, task, generator) => new ConvNet(options.Integers("widths"), task, generator)),
        new("lenet5", "LeNet-5 with ReLU and average pooling, for 28x28 or 32x32 images", [], (_, task, generator) => new LeNet5(task, generator)),
        .. CifarResNets.Select(r => new ModelFamily(
            r.Name,
            $"ResNet of {r.Depth} layers for small images, stages of {r.Widths[1]}, {r.Widths[2]} and {r.Widths[3]} channels",
            [],
            (_, task, generator) => new CifarResNet(r.Depth, r.Widths, task, generator))),
    ];

    /// <summary>The network of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static ModelFamily Get(string name) =>
        All.FirstOrDefault(f => f.Name == name) ?? throw new ArgumentException(NearestName.Explain("model", name, All.Select(f => f.Name)), nameof(name));

    /// <summary>Makes a network with fresh weights.</summary>
    /// <param name="name">The network's name.</param>
    /// <param name="task">Image and classes.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    /// <param name="options">The network's own options; defaults where null.</param>
    /// <exception cref="ArgumentException">There is no such network, or the options do not fit the task.</exception>
    public static ImageModel Create(string name, ImageTask task, ulong seed, OptionValues? options = null)
    {
        TorchRuntime.EnsureStarted();
        ModelFamily family = Get(name);
        using var generator = new Generator(seed);
        using GradModeScope recording = Autograd.EnableGrad();
        OptionValues values = options ?? new OptionValues(family.Options);
        ImageModel model = family.Create(values, task, generator);
        model.ZooName = name;
        model.MakeAlike = () => Create(name, task, seed, values);
        return model;
    }

    /// <summary>The shape of what each layer gives out for one image, without the batch dimension; layers off the path are left out.</summary>
    public static IReadOnlyDictionary<string, long[]> LayerShapes(ImageModel model, ImageTask task)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        bool training = model.IsTraining;
        model.Eval();
        using var taps = new Nn.TapRecorder(model, model.NamedModules().Select(m => m.Key).Where(name => name.Length > 0));
        model.Call(Operators.Zeros([1, task.Channels, task.Height, task.Width]));
        model.Train(training);
        return taps.Outputs.ToDictionary(o => o.Key, o => o.Value.Shape[1..]);
    }
}
