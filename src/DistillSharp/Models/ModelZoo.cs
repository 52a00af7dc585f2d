using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>Every network by name.</summary>
public static class ModelZoo
{
    /// <summary>The networks, in the order to be listed. Each family's file declares its own.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        .. ConvNet.Families,
        .. LeNet5.Families,
        .. MnistCnn.Families,
        .. CifarResNet.Families,
        .. CifarResNet50.Families,
        .. WideResNet.Families,
        .. CifarVgg.Families,
        .. CifarMobileNetV2.Families,
        .. CifarShuffleNetV1.Families,
        .. CifarShuffleNetV2.Families,
        .. VisionTransformer.SmallFamilies,
        .. MlpMixer.Families,
        .. ImageNetResNet.Families,
        .. ImageNetVgg.Families,
        .. ImageNetMobileNetV2.Families,
        .. VisionTransformer.ImageNetFamilies,
        .. SwinTransformer.Families,
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
    public static IReadOnlyDictionary<string, long[]> LayerShapes(ImageModel model, ImageTask task) =>
        ModelSummary.Of(model, task).Layers.Where(l => l.Shape is not null).ToDictionary(l => l.Path, l => l.Shape!.ToArray());
}
