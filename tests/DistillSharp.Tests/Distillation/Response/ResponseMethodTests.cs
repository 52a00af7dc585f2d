using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Distillation;

/// <summary>What single losses on logits are worth where it is known by hand, and what their methods do with their options.</summary>
public class ResponseMethodTests
{
    // Two distributions: the student's is even, the teacher's is (0.9, 0.1).
    private const double Sure = 0.9;

    public ResponseMethodTests() => TorchRuntime.EnsureStarted();

    private static Tensor Even => Tensor.From([0.0, 0.0], 1, 2);

    private static Tensor Certain => Tensor.From([Math.Log(Sure / (1 - Sure)), 0.0], 1, 2);

    [Fact]
    public void Should_put_the_student_first_in_the_reverse_divergence()
    {
        using var scope = new TensorScope();
        AssertClose((0.5 * Math.Log(0.5 / Sure)) + (0.5 * Math.Log(0.5 / (1 - Sure))), ReverseKlMethod.Loss(Even, Certain, 1).Item(), 1e-12);
        AssertClose(KlMethod.Loss(Certain, Even, 3).Item(), ReverseKlMethod.Loss(Even, Certain, 3).Item(), 1e-12);
    }

    [Fact]
    public void Should_be_symmetric_and_bounded_with_an_even_mixture()
    {
        using var scope = new TensorScope();
        AssertClose(JensenShannonMethod.Loss(Even, Certain, 2).Item(), JensenShannonMethod.Loss(Certain, Even, 2).Item(), 1e-12);
        Tensor left = Tensor.From([900.0, 0.0], 1, 2), right = Tensor.From([0.0, 900.0], 1, 2);
        AssertClose(Math.Log(2), JensenShannonMethod.Loss(left, right, 1).Item(), 1e-12);
        double mixture = (0.3 * Sure) + (0.7 * 0.5);
        double expected = (0.3 * ((Sure * Math.Log(Sure / mixture)) + ((1 - Sure) * Math.Log((1 - Sure) / (1 - mixture)))))
            + (0.7 * ((0.5 * Math.Log(0.5 / mixture)) + (0.5 * Math.Log(0.5 / (1 - mixture)))));
        AssertClose(expected, JensenShannonMethod.Loss(Even, Certain, 1, 0.3).Item(), 1e-12);
    }

    [Fact]
    public void Should_mean_squares_over_examples_and_classes()
    {
        using var scope = new TensorScope();
        AssertClose(2.5, MseLogitsMethod.Loss(Tensor.From([1.0, 2.0], 1, 2), Tensor.From([0.0, 0.0], 1, 2)).Item(), 1e-15);
    }

    [Fact]
    public void Should_learn_the_teacher_decision()
    {
        using var scope = new TensorScope();
        AssertClose(-Math.Log(Sure), HardLabelMethod.Loss(Certain, Tensor.From([0.2, 0.1], 1, 2)).Item(), 1e-12);
    }

    [Fact]
    public void Should_soften_the_virtual_teacher_as_the_paper_states()
    {
        // Of 10 classes at T = 20: 0.135 against 0.096. The authors' code, which softens probabilities, comes to 0.1045 against 0.0995.
        (double own, double other) = TeacherFreeMethod.Softened(0.99, 20, 10);
        Assert.Equal(0.135, own, 1e-3);
        Assert.Equal(0.096, other, 1e-3);
        Assert.Equal(1, own + (9 * other), 1e-12);

        using var scope = new TensorScope();
        Tensor student = ResponseCases.Student;
        Tensor teacher = Operators.Full([3, 4], Math.Log(0.05 / 3), DType.Float64).ScatterInPlace(1, ResponseCases.Targets.Unsqueeze(1), Math.Log(0.95));
        AssertClose(KlMethod.Loss(student, teacher, 5).Item() / 25, TeacherFreeMethod.Loss(student, ResponseCases.Targets, 0.95, 5).Item(), 1e-12);
    }

    [Fact]
    public void Should_say_that_a_self_teacher_is_another_network()
    {
        MethodDescription method = MethodRegistry.Get("teacher-free-self");
        Assert.Empty(Warnings("resnet20", "resnet20"));
        Assert.Contains("the student is 'resnet20', the teacher 'resnet56'", Assert.Single(Warnings("resnet20", "resnet56")));

        List<string> Warnings(string student, string teacher)
        {
            using var scope = new TensorScope();
            using var pair = new Pair("kl");
            var layers = new LayerDefaults(NetworkTaps.None with { Model = student }, NetworkTaps.None with { Model = teacher });
            using DistillationMethod made = method.Create(new OptionValues(method.Options), layers);
            var warnings = new List<string>();
            made.Build(pair.Sample(0), new MethodSetup(4, 3, pair.Sample(0).Generator) { Warn = warnings.Add });
            return warnings;
        }
    }

    [Fact]
    public void Should_weigh_soft_labels_by_what_the_student_lacks()
    {
        using var scope = new TensorScope();
        Tensor weights = WeightedSoftLabelsMethod.Weights(Even, Certain, Tensor.From([0L]));
        AssertClose(1 - Math.Exp(-Math.Log(2) / (-Math.Log(Sure) + 1e-7)), weights.Item(), 1e-12);
        Tensor loss = WeightedSoftLabelsMethod.Loss(Even, Certain, Tensor.From([0L]), 2);
        AssertClose(weights.Item() * KlMethod.Loss(Even, Certain, 2).Item(), loss.Item(), 1e-12);
        Tensor perfect = Tensor.From([400.0, 0.0], 1, 2);
        Assert.Equal(1, WeightedSoftLabelsMethod.Weights(Even, perfect, Tensor.From([0L])).Item(), 1e-12);
        Assert.Equal(0, WeightedSoftLabelsMethod.Weights(perfect, perfect, Tensor.From([0L])).Item(), 1e-12);
    }

    [Fact]
    public void Should_weigh_transformed_teachers_by_their_power_sum()
    {
        using var scope = new TensorScope();
        double sum = Math.Pow(Sure, 0.2) + Math.Pow(1 - Sure, 0.2);
        AssertClose(sum * TransformedTeacherMethod.Loss(Even, Certain, 5).Item(), WeightedTransformedTeacherMethod.Loss(Even, Certain, 5).Item(), 1e-12);
        double softened = Math.Pow(Sure, 0.2) / sum;
        double expected = (softened * Math.Log(softened / 0.5)) + ((1 - softened) * Math.Log((1 - softened) / 0.5));
        AssertClose(expected, TransformedTeacherMethod.Loss(Even, Certain, 5).Item(), 1e-12);
    }

    [Fact]
    public void Should_standardise_only_where_asked()
    {
        using var scope = new TensorScope();
        using var plain = new Pair("kl", ("temperature", 2.0));
        using var standardised = new Pair("kl", ("temperature", 2.0), ("standardize", true));
        DistillationBatch batch = plain.Sample(1);
        AssertClose(KlMethod.Loss(batch.StudentLogits, batch.TeacherLogits!, 2).Item(), plain.Method.Compute(batch)[1].Value.Item(), 1e-12);
        AssertClose(LogitStandardizationMethod.Loss(batch.StudentLogits, batch.TeacherLogits!, 2).Item(), standardised.Method.Compute(batch)[1].Value.Item(), 1e-12);
    }

    [Fact]
    public void Should_standardise_the_chosen_base()
    {
        using var scope = new TensorScope();
        using var dkd = new Pair("logit-standardization", ("base", "dkd"));
        DistillationBatch batch = dkd.Sample(1);
        Tensor student = batch.StudentLogits, teacher = batch.TeacherLogits!;
        Tensor z = LogitTensors.Standardize(student), y = LogitTensors.Standardize(teacher);
        LossTerm term = dkd.Method.Compute(batch)[1];
        Assert.Equal(9.0 / 20, term.Weight, 1e-12);
        AssertClose(DkdMethod.Loss(z, y, batch.Targets, 1, 8, 2).Item(), term.Value.Item(), 1e-6);

        using var mlkd = new Pair("logit-standardization", ("base", "mlkd"));
        MlkdLoss raw = MlkdMethod.Loss(student, teacher, [2, 2, 3, 5, 6]), standard = MlkdMethod.Loss(z, y, [2, 2, 3, 5, 6]);
        AssertClose((standard.Instance + raw.Batch + raw.Class).Item(), mlkd.Method.Compute(batch)[1].Value.Item(), 1e-5);
    }

    [Fact]
    public void Should_refuse_images_without_labels_where_the_base_needs_them()
    {
        using var scope = new TensorScope();
        using var dkd = new Pair("logit-standardization", ("base", "dkd"));
        using var kl = new Pair("logit-standardization");
        DistillationBatch batch = dkd.Sample(1) with { HasUnlabelled = true };
        Assert.Contains("the base 'kl' or 'mlkd'", Assert.Throws<InvalidOperationException>(() => dkd.Method.Compute(batch)).Message);
        Assert.Equal(2, kl.Method.Compute(batch).Count);
    }

    [Theory]
    [InlineData("dist", "inter-weight", "intra-weight")]
    [InlineData("dkd", "target-weight", "non-target-weight")]
    public void Should_refuse_two_weights_of_zero(string name, string first, string second)
    {
        MethodDescription method = MethodRegistry.Get(name);
        var options = new OptionValues(method.Options, new Dictionary<string, object?> { [first] = 0.0, [second] = 0.0 });
        string problem = method.Check!(options, new LayerDefaults(NetworkTaps.None, NetworkTaps.None), new Dictionary<string, long[]>(), new Dictionary<string, long[]>())!;
        Assert.Contains(first, problem);
        Assert.Contains(second, problem);
    }
}
