using DistillSharp.Distillation;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Distillation;

public class KlMethodTests
{
    public KlMethodTests() => TorchRuntime.EnsureStarted();

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    public void Should_equal_the_reference(DType dtype)
    {
        using var scope = new TensorScope();
        using var golden = new GoldenFile("losses/kd.json");
        Tensor student = golden.Tensor(dtype, "inputs", "student_logits");
        Tensor teacher = golden.Tensor(dtype, "inputs", "teacher_logits");
        student.RequiresGrad = true;
        Tensor loss = KlMethod.Loss(student, teacher, golden.Number("hyperparameters", "temperature"));
        loss.Backward();
        AssertClose(golden.Number("expected", "loss"), loss.Item(), Tolerance(dtype));
        AssertClose(golden.Tensor(DType.Float64, "expected", "gradients", "student_logits"), student.Grad!, Tolerance(dtype));
    }

    [Fact]
    public void Regression_The_teacher_comes_first_in_the_divergence()
    {
        // Defect seen in public code: student and teacher swapped in KL. KL(p ‖ q) with p = (0.9, 0.1), q = (0.5, 0.5) is
        // 0.9 log 1.8 + 0.1 log 0.2 = 0.3681; swapped it is 0.5108.
        using var scope = new TensorScope();
        Tensor student = Tensor.From([0.0, 0.0], 1, 2);
        Tensor teacher = Tensor.From([Math.Log(9), 0.0], 1, 2);
        AssertClose((0.9 * Math.Log(1.8)) + (0.1 * Math.Log(0.2)), KlMethod.Loss(student, teacher, 1).Item(), 1e-12);
    }

    [Fact]
    public void Should_be_zero_for_equal_logits_and_finite_for_a_certain_teacher()
    {
        using var scope = new TensorScope();
        Tensor logits = Tensor.From([3.0, -1.0, 0.5], 1, 3);
        Assert.Equal(0, KlMethod.Loss(logits, logits, 4).Item(), 1e-15);
        Tensor certain = Tensor.From([2000.0, 0.0, 0.0], 1, 3);
        AssertClose(-logits.LogSoftmax(-1).ToArray<double>()[0], KlMethod.Loss(logits, certain, 1).Item(), 1e-12);
    }

    [Fact]
    public void Should_mean_over_every_dimension_but_the_classes()
    {
        using var scope = new TensorScope();
        using var golden = new GoldenFile("losses/kd.json");
        Tensor student = golden.Tensor(DType.Float64, "inputs", "student_logits").View([2, 4, 10]);
        Tensor teacher = golden.Tensor(DType.Float64, "inputs", "teacher_logits").View([2, 4, 10]);
        AssertClose(golden.Number("expected", "loss"), KlMethod.Loss(student, teacher, 4).Item(), 1e-9);
    }

    [Fact]
    public void Should_match_finite_differences()
    {
        using var scope = new TensorScope();
        Tensor student = Tensor.From([0.3, -1.2, 2.0, 0.1, 0.4, -0.7], 2, 3);
        Tensor teacher = Tensor.From([1.3, 0.2, -2.0, 0.6, -0.4, 0.9], 2, 3);
        AssertGradientMatchesDifferences(s => KlMethod.Loss(s, teacher, 2.5), student);
    }

    [Fact]
    public void Should_give_the_teacher_no_gradient()
    {
        using var scope = new TensorScope();
        Tensor student = Tensor.From([0.3, -1.2], 1, 2);
        Tensor teacher = Tensor.From([1.3, 0.2], 1, 2);
        student.RequiresGrad = true;
        teacher.RequiresGrad = true;
        KlMethod.Loss(student, teacher, 2).Backward();
        Assert.NotNull(student.Grad);
        Assert.Null(teacher.Grad);
    }

    [Fact]
    public void Should_weigh_labels_and_teacher_as_the_options_say()
    {
        using var scope = new TensorScope();
        using var pair = new Pair("kl", ("weight", 0.7), ("label-weight", 0.2));
        (IReadOnlyList<LossTerm> terms, _) = pair.Probe(1);
        Assert.Equal([("labels", 0.2), ("kl", 0.7)], terms.Select(t => (t.Name, t.Weight)));
    }
}
