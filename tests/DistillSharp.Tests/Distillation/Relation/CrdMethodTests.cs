using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Distillation;

public class CrdMethodTests
{
    public CrdMethodTests() => TorchRuntime.EnsureStarted();

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    public void Should_equal_the_reference_over_two_calls(DType dtype)
    {
        using var scope = new TensorScope();
        using var golden = new GoldenFile("losses/crd.json");
        using DistillationMethod method = FromGolden(golden, dtype, out Dictionary<string, Tensor> state);
        double tolerance = Tolerance(dtype);
        for (int call = 0; call < golden.At("calls").GetArrayLength(); call++)
        {
            Tensor student = golden.Tensor(dtype, "calls", call, "student");
            student.RequiresGrad = true;
            DistillationBatch batch = Batch(student, golden.Tensor(dtype, "calls", call, "teacher"), golden.Indices("calls", call, "index"));
            LossTerm term = ((CrdMethod)method).Compute(batch, golden.Indices("calls", call, "negatives"))[^1];
            term.Value.Backward();

            AssertClose(golden.Number("calls", call, "expected", "loss"), term.Value.Item(), tolerance);
            AssertClose(golden.Tensor(DType.Float64, "calls", call, "expected", "gradient_student"), student.Grad!, tolerance);
            foreach (var expected in golden.At("calls", call, "expected", "parameter_gradients").EnumerateObject())
            {
                Tensor parameter = state[expected.Name];
                AssertClose(golden.Tensor(DType.Float64, "calls", call, "expected", "parameter_gradients", expected.Name), parameter.Grad!, tolerance);
                parameter.Grad = null;
            }

            AssertClose(golden.Number("calls", call, "expected", "z_student"), state["z_student"].Item(), tolerance);
            AssertClose(golden.Number("calls", call, "expected", "z_teacher"), state["z_teacher"].Item(), tolerance);
            AssertClose(golden.Tensor(DType.Float64, "calls", call, "expected", "bank_student_after"), state["bank_student"], tolerance);
            AssertClose(golden.Tensor(DType.Float64, "calls", call, "expected", "bank_teacher_after"), state["bank_teacher"], tolerance);
        }
    }

    [Fact]
    public void Should_match_finite_differences_with_repeated_negatives_and_a_positive_among_them()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(5);
        Tensor bank = Unit([6, 3], generator);
        Tensor indices = Tensor.From([4L, 1L]);
        Tensor negatives = Tensor.From([0L, 0L, 0L, 4L, 5L, 5L, 2L, 1L], 2, 4);
        AssertGradientMatchesDifferences(a => ContrastiveLoss.Loss(a, bank, indices, negatives, 0.3, 7.5), Unit([2, 3], generator));
    }

    [Fact]
    public void Should_stay_finite_at_the_lowest_temperature()
    {
        using var scope = new TensorScope();
        Tensor anchors = Tensor.From([1f, 0f], 1, 2);
        anchors.RequiresGrad = true;
        Tensor bank = Tensor.From([-1f, 0f, 1f, 0f], 2, 2);
        Tensor loss = ContrastiveLoss.Loss(anchors, bank, Tensor.From([0L]), Tensor.From([1L], 1, 1), 0.01, 1e-3);
        loss.Backward();
        Assert.True(double.IsFinite(loss.Item()));
        Assert.All(anchors.Grad!.ToArray<float>(), g => Assert.True(float.IsFinite(g)));
    }

    [Fact]
    public void Should_keep_the_gradient_of_a_step_when_the_bank_changes_before_the_backward_pass()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(5);
        Tensor bank = Unit([6, 3], generator);
        Tensor indices = Tensor.From([4L, 1L]);
        Tensor negatives = Tensor.From([0L, 3L, 5L, 2L], 2, 2);
        Tensor anchors = Unit([2, 3], generator);
        anchors.RequiresGrad = true;
        Tensor expected = Autograd.Gradients(ContrastiveLoss.Loss(anchors, bank, indices, negatives, 0.3, 7.5), [anchors])[0];
        Tensor loss = ContrastiveLoss.Loss(anchors, bank, indices, negatives, 0.3, 7.5);
        bank.ZeroInPlace();
        AssertClose(expected, Autograd.Gradients(loss, [anchors])[0], 0);
    }

    [Fact]
    public void Should_let_the_last_of_repeated_examples_renew_the_bank()
    {
        using var scope = new TensorScope();
        Tensor bank = Tensor.From([1.0, 0.0, 0.0, 1.0], 2, 2);
        ContrastiveMemory.Renew(bank, Tensor.From([0.0, 1.0, 1.0, 0.0, -1.0, 0.0], 3, 2), Tensor.From([1L, 0L, 1L]), 0.5);
        double half = Math.Sqrt(0.5);
        AssertClose(Tensor.From([1.0, 0.0, -half, half], 2, 2), bank, 1e-12);
    }

    [Fact]
    public void Should_start_from_banks_within_the_published_range()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(6);
        using var memory = new ContrastiveMemory(500, 12, 0.07, 0.5, generator);
        double bound = 1 / Math.Sqrt(12 / 3.0);
        Assert.InRange(memory.StudentBank.Max().Item(), 0.98 * bound, bound);
        Assert.InRange(memory.TeacherBank.Min().Item(), -bound, -0.98 * bound);
        Assert.False(memory.StudentBank.Equal(memory.TeacherBank));
        Tensor negatives = memory.DrawNegatives(3, 4000, generator);
        Assert.Equal([3L, 4000L], negatives.Shape);
        Assert.Equal((0, 499), (negatives.Min().Item(), negatives.Max().Item()));
    }

    [Fact]
    public void Should_train_both_embeddings_and_flatten_maps()
    {
        using var scope = new TensorScope();
        using var pair = new Pair("crd", ("negatives", 8), ("dimension", 6), ("student-layer", "stage2"), ("teacher-layer", "stage1"));
        (_, IReadOnlyList<bool> moved) = pair.Probe(1);
        Assert.Equal(4, moved.Count);
        Assert.All(moved, Assert.True);
        Assert.Equal([6L, 4 * 4 * 4], pair.Method.Parameters[0].Shape);
        Assert.Equal([6L, 5 * 8 * 8], pair.Method.Parameters[2].Shape);
    }

    [Fact]
    public void Should_ask_for_a_build_first()
    {
        using DistillationMethod method = CrdMethod.Description.Create(new OptionValues(CrdMethod.Description.Options), new LayerDefaults(Layer("s"), Layer("t")));
        using var scope = new TensorScope();
        Tensor features = Operators.Ones([2, 3]);
        Assert.Throws<InvalidOperationException>(() => method.Compute(Batch(features, features, Tensor.From([0L, 1L]))));
    }

    private static DistillationMethod FromGolden(GoldenFile golden, DType dtype, out Dictionary<string, Tensor> state)
    {
        var options = new OptionValues(CrdMethod.Description.Options, new Dictionary<string, object?>
        {
            ["dimension"] = (long)golden.Number("hyperparameters", "feature_dim"),
            ["temperature"] = golden.Number("hyperparameters", "temperature"),
            ["momentum"] = golden.Number("hyperparameters", "momentum"),
            ["negatives"] = (long)golden.Number("hyperparameters", "negatives"),
        });
        DistillationMethod method = CrdMethod.Description.Create(options, new LayerDefaults(Layer("s"), Layer("t")));
        using var generator = new Generator(1);
        Tensor student = golden.Tensor(dtype, "calls", 0, "student");
        Tensor teacher = golden.Tensor(dtype, "calls", 0, "teacher");
        method.Build(Batch(student, teacher, golden.Indices("calls", 0, "index")), new MethodSetup((int)golden.Number("hyperparameters", "dataset_size"), 2, generator));
        var given = golden.At("parameters").EnumerateObject().ToDictionary(p => p.Name, p => golden.Tensor(dtype, "parameters", p.Name));
        given["bank_student"] = golden.Tensor(dtype, "banks_before", "memory_v1");
        given["bank_teacher"] = golden.Tensor(dtype, "banks_before", "memory_v2");
        given["z_student"] = Tensor.Of(-1, DType.Float64);
        given["z_teacher"] = Tensor.Of(-1, DType.Float64);
        method.LoadState(given);
        state = method.StateDict().ToDictionary(p => p.Key, p => p.Value);
        return method;
    }

    private static DistillationBatch Batch(Tensor student, Tensor teacher, Tensor indices) => new()
    {
        StudentLogits = Operators.Zeros([indices.Size(0), 2]),
        StudentTaps = new Dictionary<string, Tensor> { ["s"] = student },
        TeacherTaps = new Dictionary<string, Tensor> { ["t"] = teacher },
        Targets = indices.ZerosLike(),
        SampleIndices = indices,
        Epoch = 0,
        Generator = null!,
    };

    private static Tensor Unit(long[] shape, Generator generator)
    {
        Tensor values = Operators.Empty(shape, DType.Float64).NormalInPlace(0, 1, generator);
        return values / values.LinalgVectorNorm(2, [1], keepdim: true);
    }

    private static NetworkTaps Layer(string path) => new("", path, path, [path], []);
}
