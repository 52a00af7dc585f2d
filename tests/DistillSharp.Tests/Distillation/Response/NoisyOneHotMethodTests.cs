using DistillSharp.Distillation;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Distillation;

public sealed class NoisyOneHotMethodTests
{
    /// <summary>Without noise the label's class has exp(1/t) times the probability of each other class, and the loss is computed by hand.</summary>
    [Fact]
    public void Should_soften_plain_labels_where_there_is_no_noise()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        Tensor logits = Tensor.From([0.0, 0, 0, 0], 1, 4);
        double own = Math.Exp(2) / (Math.Exp(2) + 3), other = 1 / (Math.Exp(2) + 3);

        Tensor labels = NoisyOneHotMethod.Labels(logits, Tensor.From([2L]), 0, 0.5, generator);

        Assert.Equal([other, other, own, other], labels.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
        double expected = (own * Math.Log(own)) + (3 * other * Math.Log(other)) + Math.Log(4);
        Assert.Equal(expected, NoisyOneHotMethod.Loss(logits, labels).Item(), 1e-12);
    }

    [Fact]
    public void Should_draw_noise_of_the_asked_variance_from_the_batchs_generator()
    {
        using var scope = new TensorScope();
        Tensor like = Operators.Zeros([4000, 5], DType.Float64);
        Tensor targets = Operators.Zeros([4000], DType.Int64);
        Tensor Draw(ulong seed)
        {
            using var generator = new Generator(seed);
            return NoisyOneHotMethod.Labels(like, targets, 0.2, 0.15, generator);
        }

        // t · log p is the noisy label but for a constant of each image: differences of two wrong classes have twice the noise's variance.
        Tensor log = Draw(1).Log() * 0.15;
        double[] difference = (log.Select(1, 3) - log.Select(1, 4)).ToArray<double>();
        double[] lead = (log.Select(1, 0) - log.Select(1, 4)).ToArray<double>();

        Assert.Equal(0.4, difference.Average(d => d * d), 0.03);
        Assert.Equal(1, lead.Average(), 0.03);
        Assert.Equal(Draw(1).ToArray<double>(), Draw(1).ToArray<double>());
        Assert.NotEqual(Draw(1).ToArray<double>(), Draw(2).ToArray<double>());
    }
}
