using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Models;

/// <summary>What the golden fixtures of these networks do not say: layers to tap, other sizes, channels and classes.</summary>
public class ImageNetNetworkTests
{
    public static TheoryData<string> Fixtures => ["resnet18", "resnet34", "resnet50", "vgg11", "vgg19", "mobilenet_v2", "vit_b_32", "swin_t"];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Should_state_the_weights_that_torchvision_has(string name)
    {
        using var file = new GoldenFile("models.json");
        ModelFamily family = ModelZoo.All.Single(f => f.Group == ModelGroup.ImageNet && (f.Name == name || f.Name == "imagenet-" + name));
        Assert.Equal(file.At("imagenet", name, "parameters").GetInt64(), family.Parameters);
    }

    [Theory]
    [InlineData("imagenet-resnet18", "64x24x20 64x12x10 128x6x5 256x3x3 512x2x2 512")]
    [InlineData("imagenet-resnet50", "64x24x20 256x12x10 512x6x5 1024x3x3 2048x2x2 2048")]
    [InlineData("imagenet-mobilenet_v2", "16x24x20 24x12x10 32x6x5 96x3x3 1280x2x2 1280")]
    public void Should_name_maps_of_every_size_before_and_after_their_last_ReLU(string name, string expected)
    {
        using var scope = new TensorScope();
        var task = new ImageTask(2, 48, 40, 7);
        using ImageModel model = ModelZoo.Create(name, task, 1);
        IReadOnlyDictionary<string, long[]> shapes = ModelZoo.LayerShapes(model, task);
        Assert.Equal(expected, string.Join(' ', model.FeatureLayers.Select(layer => string.Join('x', shapes[layer]))));
        AssertPreactivations(model, Operators.Empty([2, 2, 48, 40], DType.Float32).UniformInPlace(0, 1, new Generator(1)));
        Assert.All(model.PreactivationLayers, layer => Assert.NotNull(model.PreactivationNorm(layer)));
    }

    [Fact]
    public void Should_name_the_maps_of_a_VGG_before_each_halving()
    {
        using var scope = new TensorScope();
        var task = new ImageTask(1, 32, 48, 7);
        using ImageModel model = ModelZoo.Create("imagenet-vgg11", task, 1);
        IReadOnlyDictionary<string, long[]> shapes = ModelZoo.LayerShapes(model, task);
        Assert.Equal("64x32x48 128x16x24 256x8x12 512x4x6 512x2x3 4096", string.Join(' ', model.FeatureLayers.Select(layer => string.Join('x', shapes[layer]))));
        Assert.Equal("classifier.6", model.ClassifierLayer);
        Assert.InRange(((Linear)model.Find("classifier.3")).Weight.Std([0, 1]).Item(), 0.0099, 0.0101);
        Assert.Equal(0, ((Linear)model.Find("classifier.3")).Bias!.Abs().Max().Item());
        AssertPreactivations(model, Operators.Ones([1, 1, 32, 48]));
        Assert.All(model.PreactivationLayers, layer => Assert.Null(model.PreactivationNorm(layer)));
        string message = Assert.Throws<ArgumentException>(() => ModelZoo.Create("imagenet-vgg11", new ImageTask(3, 28, 28, 10), 1)).Message;
        Assert.Contains("32x32 at least, not 28x28", message);
    }

    [Theory]
    [InlineData("imagenet-resnet18")]
    [InlineData("imagenet-mobilenet_v2")]
    public void Should_train_every_weight(string name)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        using ImageModel model = ModelZoo.Create(name, new ImageTask(3, 64, 64, 5), 1);
        model.UseGenerator(generator);
        Tensor logits = model.Call(Operators.Empty([4, 3, 64, 64], DType.Float32).NormalInPlace(0, 1, generator));
        logits.CrossEntropyLoss(Operators.Arange(4)).Backward();
        Assert.All(model.NamedParameters(), p => Assert.True(p.Value.Grad!.Abs().Max().Item() > 0, p.Key));
        model.ZeroGradients();
    }

    [Theory]
    [InlineData("imagenet-resnet18", 20)]
    [InlineData("imagenet-resnet50", 53)]
    [InlineData("imagenet-mobilenet_v2", 52)]
    public void Should_fold_every_batch_norm(string name, int expected)
    {
        using var scope = new TensorScope();
        using ImageModel model = ModelZoo.Create(name, new ImageTask(3, 32, 32, 5), 1);
        model.Eval();
        Tensor images = Operators.Ones([1, 3, 32, 32]);
        Tensor before = model.Call(images);
        Assert.Equal(expected, BatchNormFolding.Fold(model, []));
        Assert.All(model.NamedModules().Select(m => m.Value).OfType<BatchNorm2d>(), norm => Assert.True(norm.IsFolded));
        Closeness.AssertClose(before, model.Call(images), 1e-4);
    }

    private static void AssertPreactivations(ImageModel model, Tensor images)
    {
        model.Eval();
        using var taps = new TapRecorder(model, model.FeatureLayers.Concat(model.PreactivationLayers));
        model.Call(images);
        foreach ((string map, string before) in model.FeatureLayers.Zip(model.PreactivationLayers))
        {
            Assert.True(map == before || taps[map].Equal(taps[before].Relu()), $"{map} is not what a ReLU makes of {before}");
        }
    }
}
