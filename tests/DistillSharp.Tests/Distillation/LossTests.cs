using DistillSharp.Distillation;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Distillation;

/// <summary>What holds for every loss on features and relations. In float64 the golden folder's own test compares them more closely.</summary>
public class LossTests
{
    public LossTests() => TorchRuntime.EnsureStarted();

    public static TheoryData<string> Names => [.. LossCase.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_equal_the_reference_in_single_precision(string name)
    {
        using var scope = new TensorScope();
        using var golden = new GoldenFile($"losses/{name}.json");
        Tensor[] students = LossCase.Read(golden, DType.Float32, "inputs", "student");
        Array.ForEach(students, s => s.RequiresGrad = true);
        Tensor loss = Case(name).Loss(students, LossCase.Read(golden, DType.Float32, "inputs", "teacher"));
        loss.Backward();
        AssertClose(golden.Number("expected", "loss"), loss.Item(), Tolerance(DType.Float32));
        bool list = golden.At("inputs", "student").ValueKind == System.Text.Json.JsonValueKind.Array;
        for (int i = 0; i < students.Length; i++)
        {
            AssertClose(golden.Tensor(DType.Float64, "expected", "gradients", list ? $"student[{i}]" : "student"), students[i].Grad!, Tolerance(DType.Float32));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_match_finite_differences(string name)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(11);
        LossCase test = Case(name);
        Tensor[] students = [.. test.Shapes.Select(s => Drawn(s.Student, generator))];
        Tensor[] teachers = [.. test.Shapes.Select(s => Drawn(s.Teacher, generator))];
        for (int i = 0; i < students.Length; i++)
        {
            AssertGradientMatchesDifferences(x => test.Loss([.. students.Select((s, j) => j == i ? x : s)], teachers), students[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_let_no_gradient_into_the_teacher_but_through_a_trained_embedding(string name)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(12);
        LossCase test = Case(name);
        Tensor[] students = [.. test.Shapes.Select(s => Leaf(Drawn(s.Student, generator)))];
        Tensor[] teachers = [.. test.Shapes.Select(s => Leaf(Drawn(s.Teacher, generator)))];
        test.Loss(students, teachers).Backward();
        Assert.All(teachers, t => Assert.Equal(name == "correlation_congruence", t.Grad is not null));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_stay_finite_where_features_say_nothing(string name)
    {
        LossCase test = Case(name);
        foreach (Func<long[], Generator, Tensor> make in (Func<long[], Generator, Tensor>[])[Zeros, Alike, OneExample, OnePixel])
        {
            using var scope = new TensorScope();
            using var generator = new Generator(13);
            Tensor[] students = [.. test.Shapes.Select(s => Leaf(make(s.Student, generator)))];
            Tensor[] teachers = [.. test.Shapes.Select(s => make(s.Teacher, generator))];
            Tensor loss = test.Loss(students, teachers);
            loss.Backward();
            Assert.True(double.IsFinite(loss.Item()), $"{make.Method.Name}: {loss.Item()}");
            Assert.All(students, s => Assert.All(s.Grad!.ToArray<double>(), g => Assert.True(double.IsFinite(g), make.Method.Name)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_not_depend_on_how_maps_lie_in_memory(string name)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(17);
        LossCase test = Case(name);
        Tensor[] students = [.. test.Shapes.Select(s => Leaf(Drawn(s.Student, generator)))];
        Tensor[] teachers = [.. test.Shapes.Select(s => Drawn(s.Teacher, generator))];
        Tensor[] students2 = [.. students.Select(s => Leaf(ChannelsLast(s.Detach())))];
        Tensor loss = test.Loss(students, teachers), loss2 = test.Loss(students2, [.. teachers.Select(ChannelsLast)]);
        AssertClose(loss.Item(), loss2.Item(), 1e-12);
        loss.Backward();
        loss2.Backward();
        foreach ((Tensor first, Tensor second) in students.Zip(students2))
        {
            AssertClose(first.Grad!, second.Grad!, 1e-10);
        }
    }

    [Fact]
    public void Should_find_the_same_singular_vectors_on_several_threads_and_free_every_slice()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(18);
        Tensor[] students = [Leaf(Drawn([13, 4, 5, 5], generator)), Leaf(Drawn([13, 9, 2, 2], generator)), Leaf(Drawn([13, 5, 2, 3], generator))];
        Tensor[] teachers = [.. students.Select(s => Drawn(s.Shape, generator))];
        double[] one = Found();
        long before = LiveTensors.Settled();
        TorchRuntime.Threads = 3;
        try
        {
            Assert.Equal(one, Found());
        }
        finally
        {
            TorchRuntime.Threads = 1;
        }

        Assert.Equal(before, LiveTensors.Settled());

        double[] Found()
        {
            using var inner = new TensorScope();
            Tensor loss = KdsvdMethod.Losses(students, teachers, 2).Aggregate((sum, l) => sum + l);
            return [loss.Item(), .. Autograd.Gradients(loss, students).SelectMany(g => g.ToArray<double>())];
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Should_be_zero_for_relations_of_too_few_images(int batch)
    {
        // Two images have one distance, which its own mean divides, and no angle but right and none.
        using var scope = new TensorScope();
        using var generator = new Generator(14);
        Tensor student = Leaf(Drawn([batch, 3], generator));
        Tensor loss = RkdMethod.Loss(student, Drawn([batch, 5], generator), 25, 50);
        loss.Backward();
        Assert.Equal(0, loss.Item(), 1e-12);
        Assert.All(student.Grad!.ToArray<double>(), g => Assert.Equal(0, g, 1e-10));
    }

    [Fact]
    public void Should_equal_the_defining_sums_of_neuron_selectivity_on_both_sides()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(15);
        foreach ((long[] student, long[] teacher) in ((long[], long[])[])[([2, 2, 4, 4], [2, 3, 4, 4]), ([2, 6, 2, 2], [2, 5, 2, 2])])
        {
            Tensor s = Drawn(student, generator), t = Drawn(teacher, generator);
            double expected = Kernel(t, t) + Kernel(s, s) - (2 * Kernel(s, t));
            AssertClose(expected, NstMethod.Loss(s, t).Item(), 1e-9);
        }

        static double Kernel(Tensor a, Tensor b)
        {
            Tensor x = a.Flatten(2) / a.Flatten(2).LinalgVectorNorm(2, [2], keepdim: true);
            Tensor y = b.Flatten(2) / b.Flatten(2).LinalgVectorNorm(2, [2], keepdim: true);
            return (x.Unsqueeze(1) * y.Unsqueeze(2)).Sum(3).Square().Mean().Item();
        }
    }

    [Theory]
    [InlineData(1, 5, 4, 4)] // more pixels than channels: eigenvectors of [C, C]
    [InlineData(2, 5, 4, 4)]
    [InlineData(1, 9, 2, 3)] // fewer: of [HW, HW]
    [InlineData(2, 9, 2, 3)]
    public void Should_equal_the_full_decomposition_of_singular_vectors(int vectors, long channels, long height, long width)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(16);
        Tensor[] students = [Leaf(Drawn([3, channels, height, width], generator)), Leaf(Drawn([3, channels + 1, height, width], generator))];
        Tensor[] teachers = [Drawn([3, channels, height, width], generator), Drawn([3, channels + 1, height, width], generator)];
        Tensor loss = KdsvdMethod.Losses(students, teachers, vectors)[0];
        Tensor expected = ByDecomposition(students, teachers, vectors);
        AssertClose(expected.Item(), loss.Item(), 1e-9);
        foreach ((Tensor e, Tensor a) in Autograd.Gradients(expected, students, keepGraph: true).Zip(Autograd.Gradients(loss, students, keepGraph: true)))
        {
            AssertClose(e, a, 1e-9);
        }
    }

    [Fact]
    public void Should_leave_the_teachers_margin_between_no_and_all_responses()
    {
        using var scope = new TensorScope();

        // A normal response of mean 0 is negative half the time, with mean -sqrt(2/π); one far above 0 hardly ever: -3 deviations;
        // one far below 0 always: its mean. A weight of 0 leaves the bias alone.
        double[] margins = OverhaulMethod.Margin(Tensor.From([1.0, -2.0, 0.5, 0.0, 0.0, 0.0]), Tensor.From([0.0, 10.0, -20.0, -0.4, 0.4, 0.0])).ToArray<double>();
        AssertClose(-Math.Sqrt(2 / Math.PI), margins[0], 1e-12);
        Assert.Equal(-6, margins[1]);
        AssertClose(-20, margins[2], 1e-12);
        Assert.Equal([-0.4, 0.0, 0.0], margins[3..]);
    }

    private static Tensor ByDecomposition(Tensor[] students, Tensor[] teachers, int vectors)
    {
        Tensor[][] found = [.. students.Zip(teachers, (s, t) =>
        {
            (_, Tensor values, Tensor target) = t.Flatten(2).Transpose(1, 2).Svd();
            (_, _, Tensor own) = s.Flatten(2).Transpose(1, 2).Svd();
            values = values.Narrow(1, 0, vectors);
            values = (values / values.LinalgVectorNorm(2, [1], keepdim: true)).Unsqueeze(1);
            target = target.Narrow(2, 0, vectors);
            own = own.Narrow(2, 0, Math.Min(vectors + 3, own.Size(2)));
            Tensor cosines = own.Transpose(1, 2).Bmm(target).Detach();
            Tensor choice = cosines.Sign() * cosines.Abs().Eq(cosines.Abs().Amax([1], keepdim: true)).To(DType.Float64);
            return (Tensor[])[own.Bmm(choice) * values, target * values];
        })];
        Tensor Kernel(int network) => ((found[1][network].Unsqueeze(2) - found[0][network].Unsqueeze(1)).Square() / -8.0).Exp();
        return (Kernel(0) - Kernel(1)).Square().Sum() / (double)students[0].Size(0);
    }

    private static LossCase Case(string name) => LossCase.All.Single(c => c.Name == name);

    private static Tensor Leaf(Tensor value)
    {
        value.RequiresGrad = true;
        return value;
    }

    private static Tensor Drawn(long[] shape, Generator generator) => Operators.Empty(shape, DType.Float64).NormalInPlace(0, 1, generator);

    private static Tensor ChannelsLast(Tensor value) => value.Dimensions == 4 ? value.Contiguous(MemoryFormat.ChannelsLast) : value;

    private static Tensor Zeros(long[] shape, Generator generator) => Operators.Zeros(shape, DType.Float64);

    private static Tensor Alike(long[] shape, Generator generator) => Drawn([1, .. shape[1..]], generator).Expand(shape).Clone();

    private static Tensor OneExample(long[] shape, Generator generator) => Drawn([1, .. shape[1..]], generator);

    private static Tensor OnePixel(long[] shape, Generator generator) => Drawn(shape.Length == 4 ? [shape[0], shape[1], 1, 1] : shape, generator);
}
