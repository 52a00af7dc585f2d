using DistillSharp.Configuration;
using DistillSharp.Conformance.Checks;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Models;

public class TokenNetworkTests
{
    private static readonly ImageTask FashionTask = new(1, 28, 28, 10);

    [Theory]
    [InlineData("vit-small", "64x7x7 64x7x7 64x7x7 64x7x7 64")]
    [InlineData("mlp-mixer", "64x7x7 64x7x7 64x7x7 64x7x7 64")]
    public void Should_have_maps_and_a_vector_to_tap(string name, string expected)
    {
        using var scope = new TensorScope();
        using ImageModel model = ModelZoo.Create(name, FashionTask, 1);
        IReadOnlyDictionary<string, long[]> shapes = ModelZoo.LayerShapes(model, FashionTask);
        Assert.Equal(expected, string.Join(' ', model.FeatureLayers.Select(layer => string.Join('x', shapes[layer]))));
        Assert.Equal("map", model.LastMapLayer);
        Assert.Equal(3, shapes[model.HintLayer].Length);
        Assert.NotEqual(model.LastMapLayer, model.HintLayer);
        Assert.All(model.PreactivationLayers, layer => Assert.Null(model.PreactivationNorm(layer)));
    }

    /// <summary>49 tokens of 64 features: patches; in each layer the products of attention or of mixing; the head.</summary>
    [Theory]
    [InlineData("vit-small", (49 * 16 * 64) + (6 * 49 * 64 * ((3 * 64) + 64 + (2 * 49) + (2 * 128))) + 640)]
    [InlineData("mlp-mixer", (49 * 16 * 64) + (8 * ((64 * 2 * 49 * 64) + (49 * 2 * 64 * 128))) + 640)]
    public void Should_count_multiply_adds_as_by_hand(string name, long expected)
    {
        using ImageModel model = ModelZoo.Create(name, FashionTask, 1);
        Assert.Equal(expected, ModelSummary.Of(model, FashionTask).MultiplyAdds);
    }

    [Theory]
    [InlineData("vit-small", 28, 7, 4)]
    [InlineData("vit-small", 32, 4, 8)]
    [InlineData("mlp-mixer", 28, 7, 4)]
    [InlineData("mlp-mixer", 32, 8, 4)]
    public void Should_take_other_sizes_and_patches(string name, int size, int patch, int grid)
    {
        using var scope = new TensorScope();
        var task = new ImageTask(3, size, size, 5);
        using ImageModel model = ModelZoo.Create(name, task, 1, Options(name, ("patch", patch), ("depth", 1), ("width", 8)));
        Assert.Equal([8L, grid, grid], ModelZoo.LayerShapes(model, task)[model.LastMapLayer]);
        Assert.Equal([2L, 5], model.Call(Operators.Ones([2, 3, size, size])).Shape);
    }

    [Theory]
    [InlineData("vit-small")]
    [InlineData("mlp-mixer")]
    public void Should_say_what_does_not_fit(string name)
    {
        Assert.Contains("28x28 cannot be cut into patches of 5x5", Error(() => ModelZoo.Create(name, FashionTask, 1, Options(name, ("patch", 5)))));
        Assert.Contains("width 66 cannot be shared by 4 heads", Error(() => ModelZoo.Create("vit-small", FashionTask, 1, Options("vit-small", ("width", 66)))));
    }

    /// <summary>torchvision: patches normal by their fan-in, positions normal with 0.02, Xavier uniform inside, biases 0 or 1e-6, a class token and a head of 0.</summary>
    [Fact]
    public void Should_start_as_torchvision_does()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        using var model = new VisionTransformer(new TransformerSize(4, 96, 1, 3, 192), classToken: true, FashionTask, generator);
        Dictionary<string, Tensor> state = model.StateDict().ToDictionary(p => p.Key, p => p.Value);
        const string Layer = "encoder.layers.encoder_layer_0.";
        Assert.InRange(state["conv_proj.weight"].Square().Mean().Sqrt().Item(), 0.24, 0.26);
        Assert.InRange(state["encoder.pos_embedding"].Square().Mean().Sqrt().Item(), 0.019, 0.021);
        Assert.InRange(state[Layer + "self_attention.in_proj_weight"].Abs().Max().Item() / Math.Sqrt(6.0 / (4 * 96)), 0.99, 1);
        Assert.InRange(state[Layer + "self_attention.out_proj.weight"].Abs().Max().Item() * Math.Sqrt(96), 0.99, 1);
        Assert.InRange(state[Layer + "mlp.0.weight"].Abs().Max().Item() / Math.Sqrt(6.0 / (96 + 192)), 0.99, 1);
        Assert.InRange(state[Layer + "mlp.3.bias"].Abs().Max().Item(), 1e-7, 1e-5);
        string[] zero = ["class_token", "conv_proj.bias", Layer + "self_attention.in_proj_bias", Layer + "self_attention.out_proj.bias", "heads.head.weight", "heads.head.bias"];
        Assert.All(zero, name => Assert.Equal(0, state[name].Abs().Max().Item()));
    }

    [Theory]
    [InlineData("vit-small")]
    [InlineData("mlp-mixer")]
    [InlineData("class token")]
    public void Should_say_where_it_looks_and_train_every_weight(string name)
    {
        using var scope = new TensorScope();
        using ImageModel model = Filled(name);
        Tensor images = Images(3);
        Tensor maps = GradCam.Maps(model, model.LastMapLayer, images, Tensor.From([0L, 4, 9]), relu: false);
        Assert.Equal([3L, 7, 7], maps.Shape);
        Assert.All(GradCam.IsZero(maps), Assert.False);

        // Where it looks differs from place to place.
        Assert.All(maps.Std([1, 2]).ToArray<double>(), deviation => Assert.True(deviation > 0));
        (model.Call(images) * Operators.Arange(10, DType.Float64).Sin()).Sum().Backward();
        Assert.All(model.NamedParameters(), p => Assert.True(p.Value.Grad!.Abs().Max().Item() > 0, p.Key));
        model.ZeroGradients();
    }

    [Fact]
    public void Should_answer_by_the_class_token_and_see_patches_through_the_maps()
    {
        using var scope = new TensorScope();
        using ImageModel model = Filled("class token");
        Assert.Equal("encoder.layers.encoder_layer_2.map", model.LastMapLayer);
        Assert.Equal("heads.head", model.ClassifierLayer);
        Assert.Equal(["class_token", "conv_proj.weight", "conv_proj.bias", "encoder.pos_embedding"], model.StateDict().Take(4).Select(p => p.Key));
        using var taps = new TapRecorder(model, ["encoder.layers.encoder_layer_1", "encoder.layers.encoder_layer_2.map", "encoder", "pool"]);
        model.Call(Images(2));
        Assert.True(taps["encoder.layers.encoder_layer_1"].Slice(1, 1).Equal(TokensToMap.Back(taps["encoder.layers.encoder_layer_2.map"])));
        Assert.True(taps["encoder"].Select(1, 0).Equal(taps["pool"]));
    }

    /// <summary>A mixer's layer written out: across the tokens of each feature, then across the features of each token.</summary>
    [Fact]
    public void Should_mix_tokens_and_then_features()
    {
        using var scope = new TensorScope();
        using ImageModel model = Filled("mlp-mixer");
        using var taps = new TapRecorder(model, ["blocks.0.map", "blocks.0"]);
        model.Call(Images(2));
        Dictionary<string, Tensor> state = model.StateDict().ToDictionary(p => p.Key, p => p.Value);
        Tensor tokens = taps["blocks.0.map"].Flatten(2).Transpose(1, 2);
        Tensor x = tokens + Operators.Einsum("nlc,kl->nkc", [Hidden("nlc,hl->nhc", tokens, "tokens", [1, -1, 1]), state["blocks.0.mlp_tokens.fc2.weight"]])
            + state["blocks.0.mlp_tokens.fc2.bias"].View([1, -1, 1]);
        Tensor y = x + Operators.Einsum("nlc,kc->nlk", [Hidden("nlc,hc->nlh", x, "channels", [1, 1, -1]), state["blocks.0.mlp_channels.fc2.weight"]])
            + state["blocks.0.mlp_channels.fc2.bias"];
        AssertClose(y, taps["blocks.0"], 1e-12);

        Tensor Hidden(string product, Tensor input, string layer, long[] view)
        {
            string norm = layer == "tokens" ? "blocks.0.norm1" : "blocks.0.norm2";
            Tensor centred = input - input.Mean([2], keepdim: true);
            Tensor normal = centred / (centred.Square().Mean([2], keepdim: true) + 1e-6).Sqrt();
            Tensor scaled = (normal * state[norm + ".weight"]) + state[norm + ".bias"];
            return (Operators.Einsum(product, [scaled, state[$"blocks.0.mlp_{layer}.fc1.weight"]]) + state[$"blocks.0.mlp_{layer}.fc1.bias"].View(view)).Gelu();
        }
    }

    private static ImageModel Filled(string name)
    {
        ImageModel model;
        if (name == "class token")
        {
            using var generator = new Generator(1);
            model = new VisionTransformer(new TransformerSize(4, 12, 3, 3, 20), classToken: true, FashionTask, generator);
        }
        else
        {
            model = ModelZoo.Create(name, FashionTask, 1, Options(name, ("depth", 2)));
        }

        model.To(DType.Float64);
        FixtureNetworks.Fill(model, new FillParameters(0.7, 0.1, 0.8));
        return model;
    }

    private static Tensor Images(long count) => FixtureNetworks.Wave([count, 1, 28, 28], 0.013, 0);

    private static OptionValues Options(string name, params (string Key, int Value)[] given) =>
        new(ModelZoo.Get(name).Options, given.ToDictionary(g => g.Key, g => (object?)g.Value));

    private static string Error(Func<object> make) => Assert.Throws<ArgumentException>(make).Message;
}
