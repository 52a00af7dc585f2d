using DistillSharp.Models;

namespace DistillSharp.Tests.Models;

/// <summary>Which sizes of images networks take, and what becomes of them.</summary>
public class ImageSizeTests
{
    [Theory]
    [InlineData("vgg8", 28, "relu4", 3)]
    [InlineData("vgg8", 32, "relu4", 4)]
    [InlineData("vgg8", 63, "relu4", 7)]
    [InlineData("vgg8", 64, "relu4", 4)]
    [InlineData("vgg8", 64, "relu3", 8)]
    [InlineData("vgg8", 8, "relu4", 1)]
    [InlineData("resnet8", 28, "layer3", 7)]
    [InlineData("wrn_16_1", 28, "block3", 7)]
    [InlineData("MobileNetV2", 28, "conv2", 2)]
    [InlineData("MobileNetV2", 64, "conv2", 4)]
    [InlineData("ShuffleV1", 28, "layer3", 4)]
    [InlineData("ShuffleV2", 28, "relu2", 4)]
    [InlineData("ShuffleV2", 9, "relu2", 2)]
    public void Should_halve_maps_as_the_public_networks_do(string name, int side, string layer, int map)
    {
        var task = new ImageTask(2, side, side, 3);
        using ImageModel model = ModelZoo.Create(name, task, 1);
        IReadOnlyDictionary<string, long[]> shapes = ModelZoo.LayerShapes(model, task);
        Assert.Equal([map, map], shapes[layer][1..]);
        Assert.Equal([3L], shapes[model.ClassifierLayer]);
    }

    [Fact]
    public void Should_say_which_sizes_a_network_takes()
    {
        string message = Assert.Throws<ArgumentException>(() => ModelZoo.Create("vgg16", new ImageTask(3, 32, 7, 10), 1)).Message;
        Assert.Contains("takes images of 8x8 or larger, not 32x7", message);
    }
}
