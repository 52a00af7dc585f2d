using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Nn;

public class ModuleTests
{
    private static readonly ImageTask Task = new(1, 8, 8, 3);

    [Fact]
    public void Should_list_every_difference_of_weights_and_take_none_over()
    {
        using var scope = new TensorScope();
        using ImageModel model = ModelZoo.Create("resnet8", Task, 1);
        Dictionary<string, Tensor> state = model.StateDict().ToDictionary(p => p.Key, p => p.Value.Detach().OnesLike());
        state.Remove("bn1.weight");
        state["bn1.wieght"] = Operators.Ones([16]);
        state["fc.bias"] = Operators.Ones([4]);
        Tensor before = model.StateDict()[0].Value.Detach().Clone();
        string message = Assert.Throws<ArgumentException>(() => model.LoadStateDict(state)).Message;
        Assert.Contains("(3 differences)", message);
        Assert.Contains("missing: bn1.weight (nearest unexpected name: bn1.wieght)", message);
        Assert.Contains("unexpected: bn1.wieght", message);
        Assert.Contains("shape: fc.bias is [4], expected [3]", message);
        Assert.True(before.Equal(model.StateDict()[0].Value));
    }

    [Fact]
    public void Should_take_over_every_weight_and_buffer()
    {
        using var scope = new TensorScope();
        using ImageModel first = ModelZoo.Create("resnet8", Task, 1);
        using ImageModel second = ModelZoo.Create("resnet8", Task, 2);
        first.Call(Operators.Ones([4, 1, 8, 8]));
        second.LoadStateDict(first.StateDict());
        Assert.All(first.StateDict().Zip(second.StateDict()), p => Assert.True(p.First.Value.Equal(p.Second.Value), p.First.Key));
        Assert.All(second.Parameters(), p => Assert.True(p is { IsLeaf: true, RequiresGrad: true }));
    }

    [Fact]
    public void Should_name_the_nearest_layers()
    {
        using ImageModel model = ModelZoo.Create("resnet8", Task, 1);
        Assert.Contains("Did you mean 'layer1'", Assert.Throws<ArgumentException>(() => model.Find("layer")).Message);
        Assert.Same(model, model.Find(""));
        Assert.IsType<Conv2d>(model.Find("layer3.0.downsample.0"));
    }

    [Fact]
    public void Should_normalise_by_the_batch_while_training_and_by_what_was_gathered_after()
    {
        using var scope = new TensorScope();
        using var norm = new BatchNorm2d(1);
        norm.To(DType.Float64);
        Tensor input = Tensor.From([1.0, 2.0, 3.0, 6.0], 4, 1, 1, 1);
        Dictionary<string, Tensor> state = norm.StateDict().ToDictionary(p => p.Key, p => p.Value);

        // Mean 3, variance 3.5; the gathered variance is the unbiased 14/3.
        AssertClose((input - 3) / Math.Sqrt(3.5 + 1e-5), norm.Call(input), 1e-12);
        AssertClose(0.3, state["running_mean"].Item(), 1e-12);
        AssertClose(0.9 + (0.1 * 14 / 3), state["running_var"].Item(), 1e-12);
        Assert.Equal(1, state["num_batches_tracked"].Item());

        norm.Eval();
        AssertClose((input - 0.3) / Math.Sqrt(0.9 + (0.1 * 14 / 3) + 1e-5), norm.Call(input), 1e-12);
        AssertClose(0.3, state["running_mean"].Item(), 1e-12);
        Assert.Equal(1, state["num_batches_tracked"].Item());
    }

    [Fact]
    public void Should_drop_while_training_only()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(3);
        using var dropout = new Sequential(new Dropout(0.25));
        Tensor input = Operators.Ones([1, 4000]);
        Assert.Throws<InvalidOperationException>(() => dropout.Call(input));
        dropout.UseGenerator(generator);
        float[] dropped = dropout.Call(input).ToArray<float>();
        Assert.Equal([0f, 1 / 0.75f], dropped.Distinct().Order());
        Assert.InRange(dropped.Count(v => v == 0), 850, 1150);
        dropout.Eval();
        Assert.Same(input, dropout.Call(input));
    }

    [Fact]
    public void Should_set_the_mode_of_every_layer()
    {
        using ImageModel model = ModelZoo.Create("resnet8", Task, 1);
        Assert.All(model.NamedModules(), m => Assert.True(m.Value.IsTraining));
        model.Eval();
        Assert.All(model.NamedModules(), m => Assert.False(m.Value.IsTraining));
        model.Train();
        Assert.All(model.NamedModules(), m => Assert.True(m.Value.IsTraining));
    }

    [Fact]
    public void Should_convert_weights_and_keep_counters_whole()
    {
        using ImageModel model = ModelZoo.Create("resnet8", Task, 1);
        model.To(DType.Float64);
        Assert.All(model.StateDict(), p => Assert.Equal(p.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal) ? DType.Int64 : DType.Float64, p.Value.DType));
        Assert.All(model.Parameters(), p => Assert.True(p.RequiresGrad));
        model.RequireGradients(false);
        Assert.All(model.Parameters(), p => Assert.False(p.RequiresGrad));
    }
}
