using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Distillation;

public class MlkdMethodTests
{
    public MlkdMethodTests() => TorchRuntime.EnsureStarted();

    [Fact]
    public void Regression_Images_are_masked_before_they_are_summed()
    {
        // Defect seen in public code: masks applied to already reduced scalars. Every image then counts, each by the masks' mean.
        // Here an image that is masked out changes nothing.
        using var scope = new TensorScope();
        Tensor mask = Tensor.From([1.0, 0.0, 1.0]);
        MlkdLoss loss = MlkdMethod.Loss(ResponseCases.Student, ResponseCases.Teacher, [2], imageMask: mask);
        double[] each = KlMethod.PerExample(ResponseCases.Student, ResponseCases.Teacher, 2).ToArray<double>();
        AssertClose(4 * (each[0] + each[2]) / 3, loss.Instance.Item(), 1e-12);

        Tensor student = ResponseCases.Student;
        student.RequiresGrad = true;
        MlkdMethod.Loss(student, ResponseCases.Teacher, [2], imageMask: mask).Instance.Backward();
        Assert.Equal(0, student.Grad!.Select(0, 1).Abs().Sum().Item());
        Assert.NotEqual(0, student.Grad!.Select(0, 0).Abs().Sum().Item());

        double reduced = MlkdMethod.Loss(ResponseCases.Student, ResponseCases.Teacher, [2]).Instance.Item() * 2 / 3;
        Assert.True(Math.Abs(reduced - loss.Instance.Item()) > 0.01 * reduced);
    }

    [Fact]
    public void Should_count_all_with_masks_of_ones()
    {
        using var scope = new TensorScope();
        MlkdLoss masked = MlkdMethod.Loss(
            ResponseCases.Student, ResponseCases.Teacher, [2, 4], imageMask: Operators.Ones([3], DType.Float64), classMask: Operators.Ones([4], DType.Float64));
        MlkdLoss all = MlkdMethod.Loss(ResponseCases.Student, ResponseCases.Teacher, [2, 4]);
        AssertClose(all.Instance.Item(), masked.Instance.Item(), 1e-12);
        AssertClose(all.Batch.Item(), masked.Batch.Item(), 1e-12);
        AssertClose(all.Class.Item(), masked.Class.Item(), 1e-12);
    }

    [Fact]
    public void Should_find_the_half_of_which_the_teacher_is_least_sure()
    {
        using var scope = new TensorScope();
        Tensor teacher = Tensor.From([0.9, 0.1, 0.6, 0.4, 0.55, 0.45, 0.2, 0.8], 4, 2).Log();
        (Tensor images, Tensor classes) = MlkdMethod.UnsureMasks(teacher);
        Assert.Equal([0.0, 1, 1, 0], images.ToArray<double>());
        Assert.Equal([0.0, 1], classes.ToArray<double>());
        Assert.Equal([1.0, 1, 0], MlkdMethod.UnsureMasks(teacher.Rows(1, 4)).Images.ToArray<double>());
    }

    [Fact]
    public void Should_add_up_the_temperatures()
    {
        using var scope = new TensorScope();
        MlkdLoss both = MlkdMethod.Loss(ResponseCases.Student, ResponseCases.Teacher, [2, 5]);
        double Batch(double t) => MlkdMethod.BatchLoss(ResponseCases.Student, ResponseCases.Teacher, t).Item();
        double Class(double t) => MlkdMethod.ClassLoss(ResponseCases.Student, ResponseCases.Teacher, t).Item();
        AssertClose(KlMethod.Loss(ResponseCases.Student, ResponseCases.Teacher, 2).Item() + KlMethod.Loss(ResponseCases.Student, ResponseCases.Teacher, 5).Item(), both.Instance.Item(), 1e-12);
        AssertClose(Batch(2) + Batch(5), both.Batch.Item(), 1e-12);
        AssertClose(Class(2) + Class(5), both.Class.Item(), 1e-12);
    }

    [Fact]
    public void Should_name_its_levels_and_refuse_no_temperature()
    {
        using var scope = new TensorScope();
        using var pair = new Pair("mlkd", ("images", "unsure"));
        Assert.Equal(["labels", "instance", "batch", "class"], pair.Probe(1).Terms.Select(t => t.Name));
        var options = new OptionValues(MlkdMethod.Description.Options, new Dictionary<string, object?> { ["temperatures"] = Array.Empty<double>() });
        Assert.Contains("'temperatures' is empty", Assert.Throws<ArgumentException>(() => MlkdMethod.Description.Create(options, new LayerDefaults(NetworkTaps.None, NetworkTaps.None))).Message);
    }
}
