using DistillSharp.Conformance.Checks;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Models;

/// <summary>What every network for small images gives out, filled by formula: in both types and layouts, tapped and folded.</summary>
public class NetworkOutputTests
{
    private static readonly ImageTask Task = new(3, 16, 16, 5);

    public static TheoryData<string> Names { get; } = [.. ModelZoo.All.Where(f => f.Group == ModelGroup.SmallImages && f.Name != "lenet5").Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_give_the_same_in_float32_in_channels_last_and_folded(string name)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        using ImageModel model = FixtureNetworks.Create(name, Task, new FillParameters(0.7, 0.1, 0.8));
        model.Eval();
        Tensor images = FixtureNetworks.Wave([2, 3, 16, 16], 0.013, 0);
        string[] layers = [.. model.FeatureLayers.Concat(model.PreactivationLayers).Distinct()];
        using var taps = new TapRecorder(model, layers);
        Tensor logits = model.Call(images);
        Dictionary<string, Tensor> before = layers.ToDictionary(l => l, l => taps[l]);

        model.To(DType.Float32);
        AssertClose(logits, model.Call(images.To(DType.Float32)).To(DType.Float64), Tolerance(DType.Float32));

        // Weights that went through Float32 are not the same any more.
        model.To(DType.Float64);
        FixtureNetworks.Fill(model, new FillParameters(0.7, 0.1, 0.8));
        model.To(MemoryFormat.ChannelsLast);
        AssertClose(logits, model.Call(images.Contiguous(MemoryFormat.ChannelsLast)), 1e-9);

        Assert.Equal(ExpectedPairs(model), BatchNormFolding.Fold(model, layers));
        AssertClose(logits, model.Call(images), 1e-9);
        Assert.All(layers, layer => AssertClose(before[layer], taps[layer], 1e-9));
    }

    [Theory]
    [MemberData(nameof(Names))]
    [InlineData("lenet5")]
    public void Should_rectify_its_preactivations_to_its_features(string name)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        int side = name == "lenet5" ? 28 : 16;
        using ImageModel model = ModelZoo.Create(name, Task with { Height = side, Width = side }, 3);
        using var generator = new Generator(5);
        string[] maps = [.. model.FeatureLayers.SkipLast(1)];
        using var taps = new TapRecorder(model, maps.Concat(model.PreactivationLayers));
        model.Call(Operators.Empty([3, 3, side, side], DType.Float32).NormalInPlace(0, 1, generator));
        Assert.Equal(maps.Length, model.PreactivationLayers.Count);
        foreach ((string map, string before) in maps.Zip(model.PreactivationLayers))
        {
            Assert.Equal(taps[map].Shape, taps[before].Shape);
            if (name.StartsWith("wrn", StringComparison.Ordinal))
            {
                // What a wide ResNet rectifies next is the map behind the next norm.
                AssertClose(Normalized(taps[map], Assert.IsType<BatchNorm2d>(model.Find(before))), taps[before], 1e-4);
            }
            else if (map == before)
            {
                Assert.True(name is "MobileNetV2" or "vit-small" or "mlp-mixer" ? taps[map].Min().Item() < 0 : map.StartsWith("pool", StringComparison.Ordinal));
            }
            else
            {
                Assert.True(taps[before].Min().Item() < 0, $"{before} is rectified already.");
                Assert.True(taps[before].Relu().Equal(taps[map]), $"{map} is not {before} rectified.");
            }

            if (model.PreactivationNorm(before) is { } norm)
            {
                Assert.Equal(taps[map].Size(1), norm.Parameters()[0].ElementCount);
            }
        }
    }

    [Theory]
    [InlineData("convnet", "stage2.bn", "stage2.bn")]
    [InlineData("lenet5", "conv2", null)]
    [InlineData("resnet20", "bn1", "bn1")]
    [InlineData("resnet20", "layer2.2.preact", "layer2.2.bn2")]
    [InlineData("ResNet50", "layer4.2.preact", "layer4.2.bn3")]
    [InlineData("wrn_16_2", "block3.layer.0.bn1", "block3.layer.0.bn1")]
    [InlineData("wrn_16_2", "bn1", "bn1")]
    [InlineData("vgg13", "block1", "block1.4")]
    [InlineData("MobileNetV2", "conv1.1", "conv1.1")]
    [InlineData("MobileNetV2", "blocks.2", "blocks.2.2.conv.7")]
    [InlineData("ShuffleV1", "layer2.7.preact", "layer2.7.bn3")]
    [InlineData("ShuffleV2", "layer3.3.preact", null)]
    public void Should_name_the_norm_behind_a_preactivation(string name, string layer, string? norm)
    {
        using ImageModel model = ModelZoo.Create(name, Task with { Height = 28, Width = 28 }, 1);
        Assert.Contains(layer, model.PreactivationLayers);
        Assert.Same(norm is null ? null : model.Find(norm), model.PreactivationNorm(layer));
    }

    [Theory]
    [InlineData("resnet8", "layer1")]
    [InlineData("resnet8", "layer1.0")]
    [InlineData("resnet8", "layer1.0.conv1")]
    [InlineData("ShuffleV1", "layer2")]
    [InlineData("wrn_16_1", "block1")]
    [InlineData("vgg8", "relu1")]
    [InlineData("MobileNetV2", "conv1")]
    public void Should_name_no_norm_behind_what_is_rectified_or_not_normalised(string name, string layer)
    {
        using ImageModel model = ModelZoo.Create(name, Task, 1);
        Assert.Null(model.PreactivationNorm(layer));
    }

    [Fact]
    public void Should_name_the_nearest_layer_where_there_is_no_such_preactivation()
    {
        using ImageModel model = ModelZoo.Create("resnet8", Task, 1);
        Assert.Contains("'layer1.0.preact'", Assert.Throws<ArgumentException>(() => model.PreactivationNorm("layer1.0.preac")).Message);
    }

    [Theory]
    [InlineData("lenet5", "fc3")]
    [InlineData("resnet8", "fc")]
    [InlineData("ResNet50", "linear")]
    [InlineData("vgg8", "classifier")]
    [InlineData("MobileNetV2", "classifier.0")]
    public void Should_name_its_classifier(string name, string layer)
    {
        using ImageModel model = ModelZoo.Create(name, Task with { Height = 28, Width = 28 }, 1);
        Assert.Equal(layer, model.ClassifierLayer);
        Assert.Equal(Task.Classes, Assert.IsType<Linear>(model.Find(layer)).Weight.Size(0));
    }

    /// <summary>Every norm but those of wide ResNets that follow a sum, or the stem, which is tapped.</summary>
    private static int ExpectedPairs(ImageModel model) => model is WideResNet
        ? model.NamedModules().Count(m => m.Value is WideBlock)
        : model.NamedModules().Count(m => m.Value is BatchNorm2d);

    /// <summary>What a fresh norm in training mode gives: mean 0 and variance 1 in each channel.</summary>
    private static Tensor Normalized(Tensor map, BatchNorm2d norm)
    {
        Tensor mean = map.Mean([0, 2, 3], keepdim: true);
        Tensor centered = map - mean;
        Assert.True(norm.IsTraining);
        return centered / (centered.Square().Mean([0, 2, 3], keepdim: true) + BatchNorm2d.Epsilon).Sqrt();
    }
}
