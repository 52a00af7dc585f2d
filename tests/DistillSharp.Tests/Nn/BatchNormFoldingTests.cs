using DistillSharp.Conformance.Checks;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Nn;

public class BatchNormFoldingTests
{
    private static readonly ImageTask Task = new(3, 16, 16, 5);

    [Theory]
    [InlineData("resnet14", 15)]
    [InlineData("convnet", 3)]
    public void Should_give_the_same_outputs_and_taps(string name, int pairs)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        using ImageModel model = Filled(name);
        Tensor images = FixtureNetworks.Wave([2, 3, 16, 16], 0.013, 0);
        using var taps = new TapRecorder(model, model.FeatureLayers);
        Tensor logits = model.Call(images);
        Dictionary<string, Tensor> before = model.FeatureLayers.ToDictionary(l => l, l => taps[l]);
        Assert.Equal(pairs, BatchNormFolding.Fold(model, model.FeatureLayers.ToList()));
        AssertClose(logits, model.Call(images), 1e-9);
        Assert.All(model.FeatureLayers, layer => AssertClose(before[layer], taps[layer], 1e-9));
        Assert.Equal(0, BatchNormFolding.Fold(model, []));
    }

    [Fact]
    public void Should_keep_the_output_of_a_convolution_that_is_looked_at()
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        using ImageModel model = Filled("resnet8");
        Tensor images = FixtureNetworks.Wave([2, 3, 16, 16], 0.013, 0);
        using var taps = new TapRecorder(model, ["layer2.0.conv1", "layer2.0.conv2"]);
        Tensor logits = model.Call(images);
        Tensor kept = taps["layer2.0.conv1"];
        Tensor folded = taps["layer2.0.conv2"];
        Assert.Equal(8, BatchNormFolding.Fold(model, ["layer2.0.conv1"]));
        AssertClose(logits, model.Call(images), 1e-9);
        Assert.True(kept.Equal(taps["layer2.0.conv1"]));
        Assert.False(folded.Equal(taps["layer2.0.conv2"]));
    }

    [Fact]
    public void Should_leave_names_and_weights_alone()
    {
        using var scope = new TensorScope();
        using ImageModel model = Filled("resnet8");
        List<KeyValuePair<string, Tensor>> before = [.. model.StateDict().Select(p => KeyValuePair.Create(p.Key, p.Value.Detach().Clone()))];
        BatchNormFolding.Fold(model, []);
        Assert.All(before.Zip(model.StateDict()), p => Assert.True(p.First.Key == p.Second.Key && p.First.Value.Equal(p.Second.Value)));
    }

    [Fact]
    public void Should_refuse_a_model_that_trains()
    {
        using ImageModel model = ModelZoo.Create("resnet8", Task, 1);
        Assert.Throws<InvalidOperationException>(() => BatchNormFolding.Fold(model, []));
    }

    private static ImageModel Filled(string name)
    {
        ImageModel model = FixtureNetworks.Create(name, Task, new FillParameters(0.7, 0.1, 0.8));
        model.Eval();
        return model;
    }
}
