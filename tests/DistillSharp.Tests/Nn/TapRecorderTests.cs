using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Nn;

public class TapRecorderTests
{
    private static readonly ImageTask Task = new(1, 8, 8, 3);

    [Fact]
    public void Should_record_outputs_in_their_place_in_the_graph()
    {
        using var scope = new TensorScope();
        using ImageModel model = ModelZoo.Create("resnet8", Task, 1);
        using var taps = new TapRecorder(model, ["layer3", "pool", "pool"]);
        Tensor logits = model.Call(Operators.Ones([2, 1, 8, 8]));
        Assert.Equal(["layer3", "pool"], taps.Outputs.Keys.Order());
        Assert.Equal([2L, 64, 2, 2], taps["layer3"].Shape);
        Assert.True(taps["layer3"].Mean([2, 3]).Equal(taps["pool"]));
        Assert.Equal([2L, 64], Autograd.Gradients(logits.Sum(), [taps["pool"]])[0].Shape);
    }

    [Fact]
    public void Should_leave_the_model_as_it_was()
    {
        using var scope = new TensorScope();
        using ImageModel model = ModelZoo.Create("lenet5", new ImageTask(1, 28, 28, 3), 1);
        Tensor image = Operators.Ones([1, 1, 28, 28]);
        Tensor before = model.Call(image);
        using var other = new TapRecorder(model, ["conv1"]);
        var taps = new TapRecorder(model, ["conv1"]);
        Tensor during = model.Call(image);
        taps.Dispose();
        Tensor seen = other["conv1"];
        Tensor after = model.Call(image * 2);
        Assert.True(before.Equal(during));
        Assert.False(before.Equal(after));
        Assert.Empty(taps.Outputs);

        // The other recorder goes on where one is disposed.
        Assert.False(seen.Equal(other["conv1"]));
    }

    [Fact]
    public void Should_say_that_nothing_was_recorded()
    {
        using var scope = new TensorScope();
        using ImageModel model = ModelZoo.Create("resnet8", Task, 1);
        using var taps = new TapRecorder(model, ["layer1"]);
        Assert.Contains("Nothing was recorded at 'layer1'", Assert.Throws<InvalidOperationException>(() => taps["layer1"]).Message);
        model.Call(Operators.Ones([2, 1, 8, 8]));
        Assert.NotNull(taps["layer1"]);
        taps.Clear();
        Assert.Throws<InvalidOperationException>(() => taps["layer1"]);
    }

    [Fact]
    public void Should_name_the_nearest_layers_and_install_nothing()
    {
        using ImageModel model = ModelZoo.Create("resnet8", Task, 1);
        string message = Assert.Throws<ArgumentException>(() => new TapRecorder(model, ["layer1", "layer2.0.conv3"])).Message;
        Assert.Contains("There is no layer 'layer2.0.conv3'. Did you mean 'layer2.0.conv1' or 'layer2.0.conv2'", message);
    }
}
