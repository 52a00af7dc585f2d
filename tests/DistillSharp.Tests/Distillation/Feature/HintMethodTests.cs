using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Nn;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Distillation;

public class HintMethodTests
{
    private static readonly LayerDefaults Layers = new(new NetworkTaps("", "s", "s", ["s"], ["s"]), new NetworkTaps("", "t", "t", ["t"], ["t"]));

    public HintMethodTests() => TorchRuntime.EnsureStarted();

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    public void Should_equal_the_reference(DType dtype)
    {
        using var scope = new TensorScope();
        using var golden = new GoldenFile("losses/hint.json");
        Tensor student = golden.Tensor(dtype, "inputs", "student");
        Tensor teacher = golden.Tensor(dtype, "inputs", "teacher");
        student.RequiresGrad = true;
        teacher.RequiresGrad = true;
        Tensor loss = HintMethod.Loss(student, teacher);
        loss.Backward();
        AssertClose(golden.Number("expected", "loss"), loss.Item(), Tolerance(dtype));
        AssertClose(golden.Tensor(DType.Float64, "expected", "gradients", "student"), student.Grad!, Tolerance(dtype));
        Assert.Null(teacher.Grad);
    }

    [Fact]
    public void Should_match_finite_differences()
    {
        using var scope = new TensorScope();
        Tensor teacher = Tensor.From([1.3, 0.2, -2.0, 0.6], 1, 1, 2, 2);
        AssertGradientMatchesDifferences(s => HintMethod.Loss(s, teacher), Tensor.From([0.3, -1.2, 2.0, 0.1], 1, 1, 2, 2));
    }

    [Theory]
    [InlineData("convolution", new long[] { 3, 8, 8 }, new long[] { 5, 8, 8 }, "5,3,1,1")] // same size: 1x1
    [InlineData("convolution", new long[] { 3, 8, 6 }, new long[] { 5, 4, 3 }, "5,3,3,3")] // student twice as large: stride 2
    [InlineData("convolution", new long[] { 3, 4, 3 }, new long[] { 5, 8, 6 }, "3,5,4,4")] // student half as large: transposed
    [InlineData("convolution", new long[] { 3, 8, 8 }, new long[] { 5, 7, 6 }, "5,3,2,3")] // otherwise: 1 + s - t
    [InlineData("convolution", new long[] { 3, 2, 2 }, new long[] { 5, 1, 1 }, "5,3,3,3")]
    [InlineData("linear", new long[] { 3, 4, 4 }, new long[] { 5, 4, 4 }, "5,3,1,1")]
    [InlineData("linear", new long[] { 3 }, new long[] { 5 }, "5,3")]
    public void Should_bring_the_students_shape_to_the_teachers(string kind, long[] student, long[] teacher, string weight)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        Assert.Null(HintAdapter.Check(kind, student, teacher));
        using Module adapter = HintAdapter.Create(kind, student, teacher, generator)!;
        Tensor adapted = adapter.Call(Operators.Ones([2, .. student]));
        Assert.Equal([2, .. teacher], adapted.Shape);
        Assert.Equal(weight, string.Join(",", adapter.Parameters()[0].Shape));
        bool nonNegative = adapted.Min().Item() >= 0;
        Assert.True(kind == "linear" || nonNegative);
    }

    [Theory]
    [InlineData("convolution", new long[] { 3, 4, 4 }, new long[] { 3, 7, 7 }, "earlier layer of the student")]
    [InlineData("convolution", new long[] { 3, 8, 4 }, new long[] { 3, 4, 8 }, "earlier layer of the student")]
    [InlineData("convolution", new long[] { 3 }, new long[] { 3, 4, 4 }, "Choose layers that give out maps")]
    [InlineData("linear", new long[] { 3, 8, 8 }, new long[] { 3, 4, 4 }, "or the adapter 'convolution'")]
    [InlineData("none", new long[] { 3, 4, 4 }, new long[] { 5, 4, 4 }, "[3, 4, 4]")]
    public void Should_say_what_to_change_where_shapes_cannot_be_brought_together(string kind, long[] student, long[] teacher, string expected)
    {
        using var generator = new Generator(1);
        Assert.Contains(expected, HintAdapter.Check(kind, student, teacher));
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => HintAdapter.Create(kind, student, teacher, generator)).Message);

        OptionValues options = new(HintMethod.Description.Options, new Dictionary<string, object?> { ["adapter"] = kind });
        string? problem = HintMethod.Description.Check!(
            options, Layers, new Dictionary<string, long[]> { ["s"] = student }, new Dictionary<string, long[]> { ["t"] = teacher });
        Assert.Contains(expected, problem);
    }

    [Fact]
    public void Should_name_the_nearest_layer_where_one_does_not_exist()
    {
        OptionValues options = new(HintMethod.Description.Options, new Dictionary<string, object?> { ["student-layer"] = "layer22" });
        string? problem = HintMethod.Description.Check!(
            options, Layers, new Dictionary<string, long[]> { ["layer2"] = [3, 4, 4] }, new Dictionary<string, long[]> { ["t"] = [3, 4, 4] });
        Assert.Contains("Did you mean 'layer2'", problem);
    }

    [Theory]
    [InlineData("convolution")]
    [InlineData("linear")]
    public void Should_train_the_adapter(string kind)
    {
        using var scope = new TensorScope();
        using var pair = new Pair("hint", ("adapter", kind));
        (_, IReadOnlyList<bool> moved) = pair.Probe(1);
        Assert.Equal(kind == "linear" ? 2 : 4, moved.Count);

        // The convolution's bias goes into a batch norm, which takes it out again: its gradient is rounding.
        Assert.All(moved.Where((_, i) => kind == "linear" || i != 1), Assert.True);
    }

    [Fact]
    public void Should_transpose_a_convolution_as_the_gradient_of_one_does()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        using var transposed = new ConvTranspose2d(1, 1, 4, generator, stride: 2, padding: 1);
        Tensor one = Operators.Zeros([1, 1, 2, 2]);
        one.AsSpan<float>()[0] = 1;
        transposed.StateDict()[1].Value.Detach().ZeroInPlace();
        float[] kernel = transposed.Parameters()[0].ToArray<float>();
        float[] output = transposed.Call(one).ToArray<float>();

        // A one in the corner puts the kernel there, less the padding's first row and column.
        Assert.Equal(kernel[5], output[0]);
        Assert.Equal(kernel[15], output[10]);
        Assert.Equal(0, output[15]);
    }
}
