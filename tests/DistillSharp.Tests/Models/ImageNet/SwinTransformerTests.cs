using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Models;

public class SwinTransformerTests
{
    private const int Channels = 4, Heads = 2, Share = Channels / Heads;

    /// <summary>
    /// Attention written out token by token, on maps that are no whole number of windows and on windows that hold the whole map.
    /// Logits of the whole network are compared in the golden fixtures, whose maps are whole numbers of windows.
    /// </summary>
    [Theory]
    [InlineData(4, 5, 3, 1)]
    [InlineData(4, 5, 3, 0)]
    [InlineData(6, 6, 3, 1)]
    [InlineData(3, 5, 3, 1)]
    [InlineData(2, 2, 3, 1)]
    public void Should_attend_within_shifted_windows(int height, int width, int window, int shift)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(2);
        using var attention = new ShiftedWindowAttention(Channels, window, shift, Heads, generator);
        attention.To(DType.Float64);
        Redraw(attention, generator);
        Tensor input = Operators.Empty([1, height, width, Channels], DType.Float64).NormalInPlace(0, 1, generator);
        AssertClose(Tensor.From(WrittenOut(attention, input, window, shift), 1, height, width, Channels), attention.Call(input), 1e-12);
        AssertGradientMatchesDifferences(x => attention.Call(x).Square().Sum(), input, 1e-5);
    }

    /// <summary>torchvision: linear layers normal with deviation 0.02 and biases 0; branches dropped from 0 to 0.2, evenly over the twelve blocks.</summary>
    [Fact]
    public void Should_start_as_torchvision_does()
    {
        using var scope = new TensorScope();
        using ImageModel model = ModelZoo.Create("swin_t", new ImageTask(1, 32, 32, 50), 1);
        foreach (Linear linear in model.NamedModules().Select(m => m.Value).OfType<Linear>())
        {
            Assert.InRange(linear.Weight.Std([0, 1]).Item(), 0.0195, 0.0205);
            Assert.Equal(0, linear.Bias?.Abs().Max().Item() ?? 0);
        }

        double[] dropped = [.. model.NamedModules().Select(m => m.Value).OfType<StochasticDepth>().Select(d => d.Probability)];
        Assert.Equal(12, dropped.Length);
        Assert.All(dropped, (share, i) => Assert.Equal(0.2 * i / 11, share, 12));
    }

    [Fact]
    public void Should_count_the_products_of_attention_with_what_pads_the_map()
    {
        using var generator = new Generator(2);
        using var attention = new ShiftedWindowAttention(Channels, 3, 1, Heads, generator);

        // 6x6 tokens, each with the 9 of its window, on 4 channels, for scores and for mixing.
        Assert.Equal(2 * 36 * 9 * Channels * 2, attention.MultiplyAdds([2, 4, 5, Channels]));
    }

    [Fact]
    public void Should_number_relative_positions_as_torchvision_does()
    {
        using var generator = new Generator(2);
        using var attention = new ShiftedWindowAttention(32, 7, 0, 1, generator);
        long[] index = attention.StateDict().Single(p => p.Key == "relative_position_index").Value.ToArray<long>();

        // The table has a row for each of 13x13 distances; 84 is its middle.
        Assert.Equal(49 * 49, index.Length);
        Assert.Equal([84L, 83, 82], index[..3]);
        Assert.Equal((0L, 168L), (index[48], index[48 * 49]));
        Assert.All(Enumerable.Range(0, 49), i => Assert.Equal(84, index[i * 50]));
    }

    [Fact]
    public void Should_have_maps_of_every_stage_that_gradients_reach()
    {
        using var scope = new TensorScope();
        var task = new ImageTask(1, 60, 44, 5);
        using ImageModel model = ModelZoo.Create("swin_t", task, 1);
        IReadOnlyDictionary<string, long[]> shapes = ModelZoo.LayerShapes(model, task);
        Assert.Equal(
            ["96x15x11", "192x8x6", "384x4x3", "768x2x2", "768"],
            model.FeatureLayers.Select(layer => string.Join('x', shapes[layer])));
        model.Eval();
        using var taps = new TapRecorder(model, model.FeatureLayers);
        Tensor logits = model.Call(Operators.Ones([1, 1, 60, 44]));
        Tensor[] gradients = Autograd.Gradients(logits.Select(1, 2).Sum(), [.. model.FeatureLayers.Select(layer => taps[layer])]);
        Assert.All(gradients, g => Assert.True(g.Abs().Max().Item() > 0));
    }

    [Fact]
    public void Should_drop_branches_from_its_generator_while_training_and_train_every_weight()
    {
        using var scope = new TensorScope();
        using ImageModel model = ModelZoo.Create("swin_t", new ImageTask(1, 32, 32, 5), 1);
        Tensor images = Operators.Ones([2, 1, 32, 32]);
        Tensor Trained(ulong seed)
        {
            using var generator = new Generator(seed);
            model.UseGenerator(generator);
            return model.Call(images);
        }

        Tensor trained = Trained(1);
        Assert.True(trained.Equal(Trained(1)));
        Assert.False(trained.Equal(Trained(2)));
        model.Eval();
        Tensor logits = model.Call(images * Operators.Arange(32, DType.Float32).Sin());
        Assert.True(logits.Rows(0, 1).Equal(logits.Rows(1, 2)));
        (logits * Operators.Arange(5, DType.Float32)).Sum().Backward();
        Assert.All(model.NamedParameters(), p => Assert.True(p.Value.Grad!.Abs().Max().Item() > 0, p.Key));
        model.ZeroGradients();
    }

    private static double[] WrittenOut(ShiftedWindowAttention attention, Tensor input, int window, int shift)
    {
        Dictionary<string, double[]> weights = attention.StateDict().ToDictionary(p => p.Key, p => p.Value.ToArray<double>());
        (int height, int width) = ((int)input.Size(1), (int)input.Size(2));
        (int rows, int columns) = ((height + window - 1) / window * window, (width + window - 1) / window * window);
        (int down, int right) = (rows <= window ? 0 : shift, columns <= window ? 0 : shift);
        double[] pixels = input.ToArray<double>();

        double Projected(int part, (int Row, int Column) at, int feature)
        {
            int row = (part * Channels) + feature;
            bool inside = at.Row < height && at.Column < width;
            return weights["qkv.bias"][row] + Enumerable.Range(0, Channels).Sum(j => inside ? weights["qkv.weight"][(row * Channels) + j] * pixels[(((at.Row * width) + at.Column) * Channels) + j] : 0);
        }

        // Where a token lies once the map is shifted, and from which end of each axis it came.
        (int Row, int Column) Shifted((int Row, int Column) at) => ((at.Row - down + rows) % rows, (at.Column - right + columns) % columns);
        (int, int) Part((int Row, int Column) at) => (at.Row < down ? 1 : 0, at.Column < right ? 1 : 0);
        (int, int) WindowOf((int Row, int Column) at) => (Shifted(at).Row / window, Shifted(at).Column / window);

        (int Row, int Column)[] all = [.. Enumerable.Range(0, rows).SelectMany(r => Enumerable.Range(0, columns).Select(c => (r, c)))];
        var expected = new double[pixels.Length];
        foreach ((int Row, int Column) at in all.Where(p => p.Row < height && p.Column < width))
        {
            (int Row, int Column)[] seen = [.. all.Where(p => WindowOf(p) == WindowOf(at))];
            var mixed = new double[Channels];
            for (int head = 0; head < Heads; head++)
            {
                IEnumerable<int> features = Enumerable.Range(head * Share, Share);
                double[] scores = [.. seen.Select(other =>
                {
                    int distance = (((Shifted(at).Row - Shifted(other).Row + window - 1) * ((2 * window) - 1)) + Shifted(at).Column) - Shifted(other).Column + window - 1;
                    double score = features.Sum(f => Projected(0, at, f) * Projected(1, other, f)) / Math.Sqrt(Share);
                    return Math.Exp(score + weights["relative_position_bias_table"][(distance * Heads) + head] - (Part(at) == Part(other) ? 0 : 100));
                })];
                foreach (int f in features)
                {
                    mixed[f] = seen.Select((other, i) => scores[i] * Projected(2, other, f)).Sum() / scores.Sum();
                }
            }

            for (int f = 0; f < Channels; f++)
            {
                expected[(((at.Row * width) + at.Column) * Channels) + f] = weights["proj.bias"][f] + Enumerable.Range(0, Channels).Sum(j => weights["proj.weight"][(f * Channels) + j] * mixed[j]);
            }
        }

        return expected;
    }

    private static void Redraw(Module module, Generator generator)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        foreach (Tensor parameter in module.Parameters())
        {
            parameter.NormalInPlace(0, 0.7, generator);
        }
    }
}
