using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Distillation;

public class DkdMethodTests
{
    public DkdMethodTests() => TorchRuntime.EnsureStarted();

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    public void Should_equal_the_reference(DType dtype)
    {
        using var scope = new TensorScope();
        using var golden = new GoldenFile("losses/dkd.json");
        Tensor student = golden.Tensor(dtype, "inputs", "student_logits");
        student.RequiresGrad = true;
        Tensor loss = DkdMethod.Loss(student, golden.Tensor(dtype, "inputs", "teacher_logits"), golden.Indices("inputs", "target"), 1, 8, 4);
        loss.Backward();
        AssertClose(golden.Number("expected", "loss"), loss.Item(), Tolerance(dtype));
        AssertClose(golden.Tensor(DType.Float64, "expected", "gradients", "student_logits"), student.Grad!, Tolerance(dtype));
    }

    [Theory]
    [InlineData("resnet56", "resnet20", 2)]
    [InlineData("resnet110", "resnet32", 2)]
    [InlineData("vgg13", "vgg8", 6)]
    [InlineData("VGG13", "mobilenetv2", 6)]
    [InlineData("wrn-40-2", "wrn-16-2", 6)]
    [InlineData("wrn_40_2", "wrn_40_1", 6)]
    [InlineData("resnet32x4", "resnet8x4", 8)]
    [InlineData("resnet20", "resnet56", 8)]
    [InlineData("", "", 8)]
    public void Should_know_the_published_weights(string teacher, string student, double expected) =>
        Assert.Equal(expected, DkdMethod.Published.For(teacher, student));

    [Fact]
    public void Should_say_the_published_weights_in_its_help()
    {
        string help = DkdMethod.Description.Options.Single(o => o.Name == "non-target-weight").Description;
        Assert.Contains("2 for resnet56 to resnet20, resnet110 to resnet32; 6 for vgg13 to vgg8", help);
        Assert.Contains("8 for all others", help);
    }

    [Fact]
    public void Should_refuse_to_leave_the_teacher_out()
    {
        var options = new OptionValues(DkdMethod.Description.Options, new Dictionary<string, object?> { ["target-weight"] = 0.0, ["non-target-weight"] = 0.0 });
        var layers = new LayerDefaults(NetworkTaps.None, NetworkTaps.None);
        Assert.Contains("'independent'", Assert.Throws<ArgumentException>(() => DkdMethod.Description.Create(options, layers)).Message);
    }

    [Fact]
    public void Should_warm_up_over_its_epochs()
    {
        using var scope = new TensorScope();
        using var pair = new Pair("dkd", ("warm-up", 20L));
        Assert.Equal(1.0 / 20, pair.Probe(0).Terms[1].Weight, 1e-15);
        using var none = new Pair("dkd", ("warm-up", 0L));
        Assert.Equal(1, none.Probe(0).Terms[1].Weight);
    }

    [Fact]
    public void Should_have_nothing_to_say_of_other_classes_where_there_is_one()
    {
        using var scope = new TensorScope();
        Tensor student = Tensor.From([0.3, -1.0], 1, 2), teacher = Tensor.From([2.0, 0.5], 1, 2);
        (Tensor target, Tensor other) = DkdMethod.Parts(student, teacher, Tensor.From([1L]), 4);
        AssertClose(KlMethod.Loss(student, teacher, 4).Item(), target.Item(), 1e-12);
        Assert.Equal(0, other.Item());
    }
}
