using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Models;

public class ModelZooTests
{
    private static readonly ImageTask FashionTask = new(1, 28, 28, 10);

    [Fact]
    public void Should_have_a_lenet_of_61706_weights()
    {
        // 156 + 2,416 + 48,120 + 10,164 + 850: LeCun et al. 1998 with full connections between the maps of its third layer.
        using ImageModel model = ModelZoo.Create("lenet5", FashionTask, 1);
        Assert.Equal(61_706, model.ParameterCount());
        using ImageModel larger = ModelZoo.Create("lenet5", new ImageTask(1, 32, 32, 10), 1);
        Assert.Equal(61_706, larger.ParameterCount());
    }

    [Fact]
    public void Should_have_the_network_of_the_mnist_example_of_1199882_weights()
    {
        // 320 + 18,496 + 1,179,776 + 1,290, as torch counts them for the network of its MNIST example.
        using ImageModel model = ModelZoo.Create("mnist-cnn", FashionTask, 1);
        Assert.Equal(1_199_882, model.ParameterCount());
        Assert.Equal(["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"], model.StateDict().Select(p => p.Key));
        IReadOnlyDictionary<string, long[]> shapes = ModelZoo.LayerShapes(model, FashionTask);
        Assert.Equal([64L, 24, 24], shapes["conv2"]);
        Assert.Equal(("relu2", "relu2", "relu3", "conv2"), (model.HintLayer, model.LastMapLayer, model.PenultimateLayer, model.PreactivationLayers[1]));
        Assert.Equal([9216L], shapes["flatten"]);
        Assert.Contains("6x6 or larger, not 5x5", Error(() => ModelZoo.Create("mnist-cnn", new ImageTask(1, 5, 5, 10), 1)));
    }

    [Fact]
    public void Should_state_how_many_weights_each_network_for_small_images_has()
    {
        Assert.All(ModelZoo.All.Where(f => f.Group == ModelGroup.SmallImages), family =>
        {
            using ImageModel model = ModelZoo.Create(family.Name, family.Group.UsualTask, 1);
            Assert.Equal(family.Parameters, model.ParameterCount());
        });
    }

    [Fact]
    public void Should_end_the_convnet_in_maps_of_7_by_7()
    {
        using ImageModel model = ModelZoo.Create("convnet", FashionTask, 1);
        Assert.Equal("stage3", model.LastMapLayer);
        Assert.Equal([128L, 7, 7], ModelZoo.LayerShapes(model, FashionTask)[model.LastMapLayer]);
        Assert.True(model.IsTraining);
    }

    [Theory]
    [InlineData("convnet")]
    [InlineData("lenet5")]
    [InlineData("mnist-cnn")]
    [InlineData("resnet8")]
    [InlineData("resnet8x4")]
    public void Should_give_logits_and_the_layers_that_it_names(string name)
    {
        using var scope = new TensorScope();
        using ImageModel model = ModelZoo.Create(name, FashionTask, 1);
        IReadOnlyDictionary<string, long[]> shapes = ModelZoo.LayerShapes(model, FashionTask);
        Assert.All(model.FeatureLayers, layer => Assert.Contains(layer, shapes.Keys));
        Assert.Equal(3, shapes[model.LastMapLayer].Length);
        Assert.Equal(3, shapes[model.HintLayer].Length);
        Assert.Single(shapes[model.PenultimateLayer]);
        Assert.Equal([2L, 10], model.Call(Operators.Ones([2, 1, 28, 28])).Shape);
    }

    [Fact]
    public void Should_draw_the_same_weights_from_the_same_seed()
    {
        using ImageModel first = ModelZoo.Create("convnet", FashionTask, 7);
        using ImageModel same = ModelZoo.Create("convnet", FashionTask, 7);
        using ImageModel other = ModelZoo.Create("convnet", FashionTask, 8);
        Assert.All(first.StateDict().Zip(same.StateDict()), p => Assert.True(p.First.Value.Equal(p.Second.Value)));
        Assert.False(first.Parameters()[0].Equal(other.Parameters()[0]));
    }

    [Fact]
    public void Should_make_weights_that_train_also_where_nothing_is_recorded()
    {
        TorchRuntime.EnsureStarted();
        using GradModeScope noGrad = Autograd.NoGrad();
        using ImageModel model = ModelZoo.Create("lenet5", FashionTask, 1);
        Assert.All(model.Parameters(), p => Assert.True(p.RequiresGrad));
    }

    [Fact]
    public void Should_say_what_does_not_fit()
    {
        Assert.Contains("There is no model 'resnet21'. Did you mean 'resnet20'", Error(() => ModelZoo.Create("resnet21", FashionTask, 1)));
        Assert.Contains("28x28 or 32x32, not 30x30", Error(() => ModelZoo.Create("lenet5", new ImageTask(1, 30, 30, 10), 1)));
        using var generator = new Generator(1);
        Assert.Contains("6n + 2 layers (8, 14, 20, ...), not 9", Error(() => new CifarResNet(9, [16, 16, 32, 64], FashionTask, generator)));
        Assert.Contains("6n + 4 layers (10, 16, 22, ...), not 20", Error(() => new WideResNet(20, 2, FashionTask, generator)));
        Assert.Contains("A VGG has 5 blocks, not 1", Error(() => new CifarVgg([[8]], FashionTask, generator)));
        Assert.Contains("There is no model 'resnet50'. Did you mean 'ResNet50'", Error(() => ModelZoo.Create("resnet50", FashionTask, 1)));
        ModelFamily convnet = ModelZoo.Get("convnet");
        OptionValues tooMany = new(convnet.Options, new Dictionary<string, object?> { ["widths"] = new long[] { 8, 8, 8, 8, 8 } });
        Assert.Contains("28x28 images has from 2 to 4 stages; 5 widths", Error(() => ModelZoo.Create("convnet", FashionTask, 1, tooMany)));
    }

    private static string Error(Func<object> make) => Assert.Throws<ArgumentException>(make).Message;
}
