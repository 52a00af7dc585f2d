using DistillSharp.Nn;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Nn;

public class TokenLayerTests
{
    [Fact]
    public void Should_normalise_each_vector_by_its_own_mean_and_variance()
    {
        using var scope = new TensorScope();
        using var norm = new LayerNorm(4, 0.5);
        norm.To(DType.Float64);

        // Mean 3, variance 3.5; then all equal.
        Tensor input = Tensor.From([1.0, 2.0, 3.0, 6.0, 5.0, 5.0, 5.0, 5.0], 2, 4);
        AssertClose(Tensor.From([-1.0, -0.5, 0, 1.5, 0, 0, 0, 0], 2, 4), norm.Call(input), 1e-12);
        Assert.Equal(["weight", "bias"], norm.StateDict().Select(p => p.Key));
    }

    [Fact]
    public void Should_give_the_activations_their_known_values()
    {
        // Φ(1) = 0.8413447460685429; 1/(1 + 1/e) = 0.7310585786300049; 7/(1 + e^-7) = 6.993622641639196.
        using var scope = new TensorScope();
        Tensor input = Tensor.From([-1.0, 0.0, 1.0, 7.0]);
        AssertClose(Tensor.From([-0.15865525393145707, 0, 0.8413447460685429, 7.0]), new GELU().Call(input), 1e-11);
        AssertClose(Tensor.From([-0.2689414213699951, 0, 0.7310585786300049, 6.993622641639196]), new SiLU().Call(input), 1e-12);
        AssertClose(Tensor.From([0.0, 0, 1, 6]), new ReLU6().Call(input), 1e-12);
    }

    [Fact]
    public void Should_attend_as_the_formula_says()
    {
        const int length = 3, width = 4, heads = 2, share = width / heads;
        using var scope = new TensorScope();
        using var generator = new Generator(5);
        using var attention = new MultiheadAttention(width, heads, generator);
        attention.To(DType.Float64);
        Assert.Equal(["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"], attention.StateDict().Select(p => p.Key));
        double[][] weights = Drawn(attention, generator);
        double[] input = Operators.Empty([2, length, width], DType.Float64).NormalInPlace(0, 1, generator).ToArray<double>();
        var expected = new double[input.Length];
        for (int image = 0; image < 2; image++)
        {
            double Projected(int part, int token, int feature) => weights[1][(part * width) + feature]
                + Enumerable.Range(0, width).Sum(j => weights[0][(((part * width) + feature) * width) + j] * input[(((image * length) + token) * width) + j]);

            for (int token = 0; token < length; token++)
            {
                var mixed = new double[width];
                for (int head = 0; head < heads; head++)
                {
                    IEnumerable<int> features = Enumerable.Range(head * share, share);
                    double[] scores = [.. Enumerable.Range(0, length).Select(other => Math.Exp(features.Sum(f => Projected(0, token, f) * Projected(1, other, f)) / Math.Sqrt(share)))];
                    foreach (int f in features)
                    {
                        mixed[f] = Enumerable.Range(0, length).Sum(other => scores[other] * Projected(2, other, f)) / scores.Sum();
                    }
                }

                for (int f = 0; f < width; f++)
                {
                    expected[(((image * length) + token) * width) + f] = weights[3][f] + Enumerable.Range(0, width).Sum(j => weights[2][(f * width) + j] * mixed[j]);
                }
            }
        }

        AssertClose(Tensor.From(expected, 2, length, width), attention.Call(Tensor.From(input, 2, length, width)), 1e-12);
    }

    [Fact]
    public void Should_say_that_heads_cannot_share_a_width()
    {
        using var generator = new Generator(5);
        Assert.Contains("width 10 cannot be shared by 4 heads", Assert.Throws<ArgumentException>(() => new MultiheadAttention(10, 4, generator)).Message);
    }

    [Fact]
    public void Should_lay_tokens_out_row_by_row_and_back()
    {
        using var scope = new TensorScope();
        Tensor tokens = Operators.Arange(2 * 6 * 3).View([2, 6, 3]);
        Tensor map = new TokensToMap(2, 3).Call(tokens);
        Assert.Equal([2L, 3, 2, 3], map.Shape);
        Assert.Equal(tokens.Select(0, 1).Select(0, 4).ToArray<long>(), map.Select(0, 1).Select(1, 1).Select(1, 1).ToArray<long>());
        Assert.True(tokens.Equal(TokensToMap.Back(map)));
    }

    [Fact]
    public void Should_drop_the_whole_branch_of_an_example_while_training_only()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(3);
        using var model = new Sequential(new StochasticDepth(0.25));
        Tensor input = Operators.Ones([4000, 2, 2]);
        Assert.Throws<InvalidOperationException>(() => model.Call(input));
        model.UseGenerator(generator);
        float[] rows = model.Call(input).Flatten(1).Amax([1]).ToArray<float>();
        Assert.Equal([0f, 1 / 0.75f], rows.Distinct().Order());
        Assert.InRange(rows.Count(v => v == 0), 850, 1150);
        Tensor again = model.Call(input).Flatten(1);
        Assert.True(again.Amax([1]).Equal(again.Amin([1])));
        model.Eval();
        Assert.Same(input, model.Call(input));
    }

    [Fact]
    public void Should_neither_start_nor_train_the_vector_of_padding()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(3);
        using var embedding = new Embedding(4, 3, generator, padding: 2);
        Assert.Equal([0f, 0, 0], embedding.Weight.Select(0, 2).ToArray<float>());
        embedding.Call(Tensor.From([2L, 1, 1], 1, 3)).Sum().Backward();
        Assert.Equal([0f, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0], embedding.Weight.Grad!.ToArray<float>());
        embedding.ZeroGradients();
        Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(4, 3, generator, padding: 4));
    }

    [Fact]
    public void Should_bring_maps_of_any_size_to_one()
    {
        using var scope = new TensorScope();
        Tensor map = Operators.Arange(16, DType.Float64).View([1, 1, 4, 4]);
        AssertClose(Tensor.From([2.5, 4.5, 10.5, 12.5], 1, 1, 2, 2), new AdaptiveAvgPool2d(2).Call(map), 1e-12);
        Assert.Equal([1L, 4, 4, 1], new Permute(0, 2, 3, 1).Call(map).Shape);
    }

    private static double[][] Drawn(Module module, Generator generator)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        return [.. module.StateDict().Select(p => p.Value.NormalInPlace(0, 0.7, generator).ToArray<double>())];
    }
}
