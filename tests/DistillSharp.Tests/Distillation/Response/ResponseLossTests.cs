using DistillSharp.Distillation;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Distillation;

/// <summary>What holds for every loss on logits.</summary>
public class ResponseLossTests
{
    public ResponseLossTests() => TorchRuntime.EnsureStarted();

    public static TheoryData<string> Names => [.. ResponseCases.All.Keys];

    public static TheoryData<string> NamesWithoutTeacher => [.. ResponseCases.WithoutTeacher.Keys];

    // Identity 11 of the notes on Tang et al.: finite differences for every loss.
    [Theory]
    [MemberData(nameof(Names))]
    public void Should_match_finite_differences(string name)
    {
        using var scope = new TensorScope();
        AssertGradientMatchesDifferences(s => ResponseCases.All[name](s, ResponseCases.Teacher), ResponseCases.Student);
    }

    [Fact]
    public void Should_match_finite_differences_with_weighted_soft_labels()
    {
        // The weights are constants to the gradient, so that they are held fixed in the differences.
        using var scope = new TensorScope();
        Tensor weights = WeightedSoftLabelsMethod.Weights(ResponseCases.Student, ResponseCases.Teacher, ResponseCases.Targets);
        Tensor student = ResponseCases.Student;
        student.RequiresGrad = true;
        WeightedSoftLabelsMethod.Loss(student, ResponseCases.Teacher, ResponseCases.Targets, 2).Backward();
        Tensor fixedWeights = ResponseCases.Student;
        fixedWeights.RequiresGrad = true;
        (weights * KlMethod.PerExample(fixedWeights, ResponseCases.Teacher, 2) * 4).Mean().Backward();
        AssertClose(fixedWeights.Grad!, student.Grad!, 1e-12);
        AssertGradientMatchesDifferences(s => (weights * KlMethod.PerExample(s, ResponseCases.Teacher, 2)).Mean(), ResponseCases.Student);
    }

    [Theory]
    [MemberData(nameof(NamesWithoutTeacher))]
    public void Should_match_finite_differences_without_a_teacher(string name)
    {
        using var scope = new TensorScope();
        AssertGradientMatchesDifferences(ResponseCases.WithoutTeacher[name], ResponseCases.Student);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_agree_in_single_precision_and_give_the_teacher_no_gradient(string name)
    {
        using var scope = new TensorScope();
        (double loss, Tensor gradient) = Run(name, DType.Float64);
        (double single, Tensor singleGradient) = Run(name, DType.Float32);
        AssertClose(loss, single, 1e-4);
        AssertClose(gradient, singleGradient.To(DType.Float64), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_stay_finite_for_networks_that_are_certain(string name)
    {
        using var scope = new TensorScope();
        Tensor student = (ResponseCases.Student * 200.0).To(DType.Float32);
        student.RequiresGrad = true;
        Tensor loss = ResponseCases.All[name](student, (ResponseCases.Teacher * 200.0).To(DType.Float32));
        loss.Backward();
        Assert.True(double.IsFinite(loss.Item()));
        Assert.All(student.Grad!.ToArray<float>(), g => Assert.True(float.IsFinite(g)));
    }

    private static (double Loss, Tensor Gradient) Run(string name, DType dtype)
    {
        Tensor student = ResponseCases.Student.To(dtype);
        Tensor teacher = ResponseCases.Teacher.To(dtype);
        student.RequiresGrad = true;
        teacher.RequiresGrad = true;
        Tensor loss = ResponseCases.All[name](student, teacher);
        loss.Backward();
        Assert.Equal(0, teacher.Grad?.Abs().Sum().Item() ?? 0);
        Assert.Equal(0, loss.Dimensions);
        return (loss.Item(), student.Grad!);
    }
}
