using DistillSharp.Models;
using DistillSharp.Tests.Distillation;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Models;

public class EnsembleLogitsTests
{
    public EnsembleLogitsTests() => TorchRuntime.EnsureStarted();

    [Fact]
    public void Regression_Ensembles_mean_probabilities_and_not_logits()
    {
        // Defect seen in public code: ensemble logits averaged before the softmax. Then the one sure member decides alone.
        using var scope = new TensorScope();
        Tensor sure = Tensor.From([30.0, 0, 0], 1, 3);
        Tensor unsure = Tensor.From([0.0, 2, 0], 1, 3);
        double[] mean = EnsembleModel.LogMeanSoftmax([sure, unsure, unsure]).Softmax(1).ToArray<double>();
        double own = Math.Exp(2) / (Math.Exp(2) + 2);
        AssertClose(2 * own / 3, mean[1], 1e-9);
        AssertClose((1 + ((1 - own) / 2 * 2)) / 3, mean[0], 1e-9);
        Assert.Equal(0, ((sure + unsure + unsure) / 3.0).Argmax(1).Item());
        Assert.True(mean[1] > mean[0]);
    }

    [Fact]
    public void Should_be_the_member_where_there_is_one_and_pass_gradients()
    {
        using var scope = new TensorScope();
        AssertClose(ResponseCases.Student.LogSoftmax(1), EnsembleModel.LogMeanSoftmax([ResponseCases.Student]), 1e-12);
        AssertGradientMatchesDifferences(s => (EnsembleModel.LogMeanSoftmax([s, ResponseCases.Teacher]) * ResponseCases.Teacher).Sum(), ResponseCases.Student);
    }

    [Fact]
    public void Should_refuse_no_member_and_other_shapes()
    {
        using var scope = new TensorScope();
        Assert.Throws<ArgumentException>(() => EnsembleModel.LogMeanSoftmax([]));
        Assert.Contains("one shape", Assert.Throws<ArgumentException>(() => EnsembleModel.LogMeanSoftmax([Operators.Zeros([1, 2]), Operators.Zeros([1, 3])])).Message);
    }
}
