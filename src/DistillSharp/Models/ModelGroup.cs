namespace DistillSharp.Models;

/// <summary>Networks that are made for the same kind of image, and are listed together.</summary>
/// <param name="Name">What the group is called in lists.</param>
/// <param name="UsualTask">The images and classes that the literature states these networks' sizes for.</param>
public sealed record ModelGroup(string Name, ImageTask UsualTask)
{
    /// <summary>Networks for small images: CIFAR, MNIST and the like. Sizes are stated for CIFAR-100.</summary>
    public static ModelGroup SmallImages { get; } = new("small images", new ImageTask(3, 32, 32, 100));

    /// <summary>Networks for photographs, as torchvision has them. Sizes are stated for ImageNet.</summary>
    public static ModelGroup ImageNet { get; } = new("ImageNet", new ImageTask(3, 224, 224, 1000));
}
