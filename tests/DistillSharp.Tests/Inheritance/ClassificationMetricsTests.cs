using DistillSharp.Inheritance;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>Reference: <c>analysis.json</c>, Float64, relative 1e-9.</summary>
public sealed class ClassificationMetricsTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void Should_Equal_The_Reference()
    {
        long before = LiveTensors.Settled();
        using (var scope = new TensorScope())
        {
            using var file = new GoldenFile("analysis.json");
            Tensor student = file.Tensor(DType.Float64, "predictions", "student_logits");
            Tensor teacher = file.Tensor(DType.Float64, "predictions", "teacher_logits");
            Tensor labels = Tensor.From(GoldenNetworks.Longs(file.At("predictions", "labels")));
            void Equal(string name, double actual) => Closeness.AssertClose(file.Number("predictions", name), actual, Tolerance);

            Equal("agreement", ClassificationMetrics.Agreement(teacher, student));
            Equal("kl_teacher_student", ClassificationMetrics.KullbackLeibler(teacher, student));
            Equal("kl_student_teacher", ClassificationMetrics.KullbackLeibler(student, teacher));
            Equal("student_accuracy", ClassificationMetrics.Accuracy(student, labels));
            Equal("teacher_accuracy", ClassificationMetrics.Accuracy(teacher, labels));
            Equal("student_nll", ClassificationMetrics.NegativeLogLikelihood(student, labels));
            Equal("student_brier", ClassificationMetrics.Brier(student, labels));
            Equal("student_ece_10", ClassificationMetrics.ExpectedCalibrationError(student, labels, 10));
            Equal("student_ece_15", ClassificationMetrics.ExpectedCalibrationError(student, labels, 15));
            Equal("teacher_ece_10", ClassificationMetrics.ExpectedCalibrationError(teacher, labels, 10));
            Equal("teacher_ece_15", ClassificationMetrics.ExpectedCalibrationError(teacher, labels, 15));
            Equal("teacher_entropy", ClassificationMetrics.PredictiveEntropy(teacher));
            double[] row = [.. file.At("predictions", "ensemble_of_both_first_row").EnumerateArray().Select(e => e.GetDouble())];
            Closeness.AssertClose(Tensor.From(row), ClassificationMetrics.EnsembleLogits(student, teacher).Select(0, 0), Tolerance);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_Equal_The_Reference_Of_Linear_Cka()
    {
        using var scope = new TensorScope();
        using var file = new GoldenFile("analysis.json");
        Tensor x = file.Tensor(DType.Float64, "cka", "x");
        Tensor y = file.Tensor(DType.Float64, "cka", "y");

        Closeness.AssertClose(file.Number("cka", "linear"), LinearCka.Biased(x, y), Tolerance);
        Closeness.AssertClose(file.Number("cka", "linear_unbiased"), LinearCka.Unbiased(x, y), Tolerance);
        Closeness.AssertClose(1, LinearCka.Unbiased(x, (x * 3.0) + 7.0), Tolerance);
    }

    [Fact]
    public void Regression_Nll_Reads_The_Diagonal_And_Not_A_Block_Of_Every_Image_With_Every_Label()
    {
        using var scope = new TensorScope();

        // Sure and right for each image; the block would count each image's wrong classes too, and come to 5.
        Tensor logits = Tensor.From([10.0, 0, 0, 10.0], 2, 2);

        double nll = ClassificationMetrics.NegativeLogLikelihood(logits, Tensor.From([0L, 1L]));

        Assert.Equal(Math.Log(1 + Math.Exp(-10)), nll, 1e-12);
    }

    [Fact]
    public void Regression_An_Ensemble_Averages_Probabilities_And_Not_Logits()
    {
        using var scope = new TensorScope();
        Tensor sure = Tensor.From([20.0, 0], 1, 2);
        Tensor doubtful = Tensor.From([-1.0, 0], 1, 2);

        double[] probabilities = ClassificationMetrics.EnsembleLogits(sure, doubtful).Exp().ToArray<double>();

        // The mean of the logits would give 1 / (1 + exp(-9.5)) = 0.99993.
        Assert.Equal(((1 / (1 + Math.Exp(-20))) + (1 / (1 + Math.Exp(1)))) / 2, probabilities[0], 1e-12);
        Assert.Equal(1, probabilities.Sum(), 1e-12);
    }

    [Fact]
    public void Regression_Cka_Compares_Examples_And_Not_Spatial_Columns()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        Tensor maps = Operators.Empty([20, 3, 4, 4], DType.Float64).NormalInPlace(0, 1, generator);

        // The same features in another order of channels and positions: the same representation of the same examples.
        Tensor moved = maps.Flip([1, 2]);
        Tensor otherExamples = maps.Flip([0]);

        Assert.Equal(1, LinearCka.Biased(maps, moved), 1e-9);
        Assert.True(LinearCka.Biased(maps, otherExamples) < 0.9);
    }

    [Fact]
    public void Should_Be_The_Same_In_Float32_And_With_The_Students_And_Teachers_Places_Kept_Apart()
    {
        using var scope = new TensorScope();
        Tensor teacher = Tensor.From([2f, 0f, 0f, 1f], 2, 2);
        Tensor student = Tensor.From([0f, 0f, 0f, 0f], 2, 2);

        double[] divergence = ClassificationMetrics.KullbackLeiblerPerImage(teacher, student);

        double p = 1 / (1 + Math.Exp(-2));
        Assert.Equal((p * Math.Log(2 * p)) + ((1 - p) * Math.Log(2 * (1 - p))), divergence[0], 1e-12);
    }

    [Fact]
    public void Should_Leave_Out_Images_With_Logits_That_Are_Not_Finite()
    {
        using var scope = new TensorScope();
        Tensor good = Tensor.From([1.0, 0, 0, 1.0], 2, 2);
        Tensor bad = Tensor.From([1.0, 0, double.NaN, 1.0], 2, 2);

        Assert.Equal([1, double.NaN], ClassificationMetrics.AgreementPerImage(good, bad));
        Assert.Equal([0, double.NaN], ClassificationMetrics.KullbackLeiblerPerImage(good, bad));
        Assert.Equal([1, double.NaN], ClassificationMetrics.CorrectPerImage(bad, Tensor.From([0L, 1L])));
    }
}
