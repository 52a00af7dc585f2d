using DistillSharp.Distillation;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Distillation;

public class CurriculumTemperatureMethodTests
{
    public CurriculumTemperatureMethodTests() => TorchRuntime.EnsureStarted();

    [Fact]
    public void Should_keep_values_and_reverse_gradients()
    {
        using var scope = new TensorScope();
        Tensor value = Tensor.From([1.5, -2.0]);
        value.RequiresGrad = true;
        Tensor reversed = CurriculumTemperatureMethod.ReverseGradient(value, 0.3);
        AssertClose(value.Detach(), reversed.Detach(), 1e-15);
        (reversed * Tensor.From([1.0, 10.0])).Sum().Backward();
        AssertClose(Tensor.From([-0.3, -3.0]), value.Grad!, 1e-12);
    }

    [Theory]
    [InlineData(0, 10, 0.024471741852423234)]
    [InlineData(4, 10, 0.5)]
    [InlineData(9, 10, 1)]
    [InlineData(200, 10, 1)]
    [InlineData(0, 1, 1)]
    public void Should_grow_along_half_a_cosine(int epoch, int epochs, double expected) =>
        Assert.Equal(expected, CurriculumTemperatureMethod.Curriculum(epoch, epochs), 1e-15);

    [Fact]
    public void Should_equal_soft_labels_at_a_fixed_temperature()
    {
        using var scope = new TensorScope();
        Tensor temperature = Tensor.From([3.0], 1, 1);
        AssertClose(
            KlMethod.Loss(ResponseCases.Student, ResponseCases.Teacher, 3).Item(),
            CurriculumTemperatureMethod.Loss(ResponseCases.Student, ResponseCases.Teacher, temperature).Item(),
            1e-12);
        AssertGradientMatchesDifferences(t => CurriculumTemperatureMethod.Loss(ResponseCases.Student, ResponseCases.Teacher, t), temperature);
        AssertGradientMatchesDifferences(
            t => CurriculumTemperatureMethod.Loss(ResponseCases.Student, ResponseCases.Teacher, t), Tensor.From([1.0, 2.5, 8.0], 3, 1));
    }

    [Fact]
    public void Should_start_as_published_and_work_against_the_student()
    {
        using var scope = new TensorScope();
        using var pair = new Pair("curriculum-temperature");
        Tensor learned = Assert.Single(pair.Method.Parameters);
        Assert.Equal(1, learned.Item());
        DistillationBatch batch = pair.Sample(1);
        LossTerm term = pair.Method.Compute(batch)[1];
        double temperature = 1 + (20 / (1 + Math.Exp(-1)));
        AssertClose(KlMethod.Loss(batch.StudentLogits, batch.TeacherLogits!, temperature).Item(), term.Value.Item(), 1e-3);

        // Its gradient is that of the temperature, scaled by -λ of the first epoch.
        Tensor value = Operators.Ones([1, 1]);
        value.RequiresGrad = true;
        CurriculumTemperatureMethod.Loss(batch.StudentLogits, batch.TeacherLogits!, 1 + (value.Sigmoid() * 20.0)).Backward(keepGraph: true);
        term.Value.Backward();
        AssertClose(value.Grad! * -CurriculumTemperatureMethod.Curriculum(0, 10), learned.Grad!, 1e-4);
    }

    [Fact]
    public void Should_resume_and_give_memory_back_with_a_temperature_for_each_image()
    {
        long before = LiveTensors.Settled();
        using (var whole = new Pair("curriculum-temperature", ("temperature", "instance")))
        using (var resumed = new Pair("curriculum-temperature", ("temperature", "instance")))
        {
            Assert.Equal(4, whole.Method.Parameters.Count);
            whole.Train(0, 2);
            Dictionary<string, Tensor> saved = whole.Snapshot();
            whole.Train(2, 4);
            resumed.Restore(saved, 2);
            resumed.Train(2, 4);
            Dictionary<string, Tensor> expected = whole.Snapshot(), found = resumed.Snapshot();
            Assert.All(expected, p => Assert.True(p.Value.Equal(found[p.Key]), p.Key));
            Assert.Contains(expected, p => p.Key.StartsWith("method.", StringComparison.Ordinal) && !p.Value.Equal(saved[p.Key]));
            foreach (Tensor tensor in saved.Values.Concat(expected.Values).Concat(found.Values))
            {
                tensor.Dispose();
            }
        }

        Assert.Equal(before, Tensor.LiveCount);
    }
}
