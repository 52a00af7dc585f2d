using DistillSharp.Distillation;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Distillation;

/// <summary>
/// What holds exactly between soft labels, label smoothing and partial teachers (Tang et al. 2020). Notation: q the student's
/// probabilities, p the teacher's, t the true class, λ the share of the teacher. Finite differences of every loss, the eleventh
/// of these identities, are in <see cref="ResponseLossTests"/>.
/// </summary>
public class TangIdentityTests
{
    private const double Share = 0.7;

    public TangIdentityTests() => TorchRuntime.EnsureStarted();

    private static Tensor Student => ResponseCases.Student;

    private static Tensor Teacher => ResponseCases.Teacher;

    private static Tensor Targets => ResponseCases.Targets;

    private static Tensor Own => Targets.Unsqueeze(1);

    private static Tensor OneHot => Targets.OneHot(4).To(DType.Float64);

    private static Tensor TrueOf(Tensor probabilities) => probabilities.Gather(1, Own);

    // The gradient of each example's own loss: the mean's gradient times the number of examples.
    private static Tensor Gradient(Func<Tensor, Tensor> loss)
    {
        Tensor leaf = Student;
        leaf.RequiresGrad = true;
        return Autograd.Gradients(loss(leaf), [leaf])[0] * 3.0;
    }

    private static Tensor Distill(Tensor student, double temperature = 1) =>
        (student.CrossEntropyLoss(Targets) * (1 - Share)) + (PartialMethod.Loss(student, (Teacher / temperature).Softmax(1), temperature) * Share);

    private static Tensor Others(Tensor probabilities)
    {
        Tensor others = probabilities * (1 - OneHot);
        return others / others.Sum(1, keepdim: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Identity_1_the_gradient_sums_to_zero_over_the_classes(double temperature)
    {
        using var scope = new TensorScope();
        Tensor gradient = Gradient(s => Distill(s, temperature));
        Assert.True(gradient.Sum(1).Abs().Max().Item() < 1e-12);
        Assert.True(gradient.Abs().Max().Item() > 0.01);
    }

    [Fact]
    public void Identity_2_the_gradient_splits_into_rescaling_and_relations_of_classes()
    {
        using var scope = new TensorScope();
        Tensor q = Student.Softmax(1), p = Teacher.Softmax(1);
        Tensor rescaling = 1 - ((1 - TrueOf(p)) / (1 - TrueOf(q)) * Share);
        Tensor split = (rescaling * (q - OneHot)) + ((1 - TrueOf(p)) * Share * (Others(q) - Others(p)));
        AssertClose(split, Gradient(s => Distill(s)), 1e-12);
    }

    [Fact]
    public void Identity_3_soft_labels_are_the_target_term_and_the_weighted_non_target_term()
    {
        using var scope = new TensorScope();
        for (int i = 0; i < 3; i++)
        {
            Tensor student = Student.Rows(i, i + 1), teacher = Teacher.Rows(i, i + 1), target = Targets.Rows(i, i + 1);
            (Tensor targetTerm, Tensor otherTerm) = DkdMethod.Parts(student, teacher, target, 1);
            double own = TrueOf(Teacher.Softmax(1)).ToArray<double>()[i];
            AssertClose(KlMethod.Loss(student, teacher, 1).Item(), targetTerm.Item() + ((1 - own) * otherTerm.Item()), 1e-12);
        }
    }

    [Fact]
    public void Identity_4_confidence_alone_is_label_smoothing_by_each_image_own_amount()
    {
        using var scope = new TensorScope();
        double[] own = TrueOf(Teacher.Softmax(1)).ToArray<double>();
        Tensor target = PartialTargets.EvenRest(TrueOf(Teacher.Softmax(1)).Squeeze(1), Targets, 4);
        for (int i = 0; i < 3; i++)
        {
            Tensor student = Student.Rows(i, i + 1), label = Targets.Rows(i, i + 1);
            double smoothing = Share * (1 - own[i]) * 4 / 3;
            double partial = ((1 - Share) * student.CrossEntropyLoss(label).Item()) + (Share * PartialMethod.Loss(student, target.Rows(i, i + 1), 1).Item());
            AssertClose(LabelSmoothingMethod.Loss(student, label, smoothing).Item(), partial, 1e-12);
        }
    }

    [Fact]
    public void Identity_5_all_classes_kept_is_the_teacher()
    {
        using var scope = new TensorScope();
        Tensor p = (Teacher / 2.0).Softmax(1);
        AssertClose(p, PartialTargets.TopK(p, 4), 0);
        double entropy = -(p * p.Log()).Sum().Item() / 3;
        AssertClose(KlMethod.Loss(Student, Teacher, 2).Item() / 4, PartialMethod.Loss(Student, PartialTargets.TopK(p, 4), 2).Item() - entropy, 1e-12);
    }

    [Fact]
    public void Identity_6_an_even_teacher_is_label_smoothing()
    {
        using var scope = new TensorScope();
        Tensor even = Operators.Full([3, 4], 0.25, DType.Float64);
        double partial = ((1 - Share) * Student.CrossEntropyLoss(Targets).Item()) + (Share * PartialMethod.Loss(Student, even, 1).Item());
        AssertClose(LabelSmoothingMethod.Loss(Student, Targets, Share).Item(), partial, 1e-12);
    }

    [Fact]
    public void Identity_7_the_true_class_is_rescaled_by_the_weighted_mean_of_the_others()
    {
        using var scope = new TensorScope();
        Tensor factors = Gradient(s => Distill(s)) / Gradient(s => s.CrossEntropyLoss(Targets));
        Tensor mean = (Others(Student.Softmax(1)) * factors).Sum(1, keepdim: true);
        AssertClose(TrueOf(factors), mean, 1e-12);
        AssertClose(1 - ((1 - TrueOf(Teacher.Softmax(1))) / (1 - TrueOf(Student.Softmax(1))) * Share), mean, 1e-12);
    }

    [Fact]
    public void Identity_8_standardised_logits_are_blind_to_scale_and_shift()
    {
        using var scope = new TensorScope();
        double loss = LogitStandardizationMethod.Loss(Student, Teacher, 2, epsilon: 0).Item();
        AssertClose(loss, LogitStandardizationMethod.Loss((Student * 3.7) - 11.0, (Teacher * 0.2) + 5.0, 2, epsilon: 0).Item(), 1e-12);
        Assert.NotEqual(loss, LogitStandardizationMethod.Loss(Student * -1.0, Teacher, 2, epsilon: 0).Item(), 1e-3);
    }

    [Fact]
    public void Identity_9_a_transformed_teacher_is_soft_labels_less_an_entropy()
    {
        // KL(p_T ‖ q) = T · KL(p_T ‖ q_T) - (T - 1) · H_{1/T}(q) + (T - 1) · H(p_T), H_a Rényi's entropy of order a (Zheng and Yang 2024).
        using var scope = new TensorScope();
        const double T = 3;
        Tensor softened = (Teacher / T).Softmax(1);
        double entropy = -(softened * softened.Log()).Sum().Item() / 3;
        double renyi = Student.Softmax(1).Pow(1 / T).Sum(1).Log().Mean().Item() / (1 - (1 / T));
        double expected = (KlMethod.Loss(Student, Teacher, T).Item() / T) - ((T - 1) * renyi) + ((T - 1) * entropy);
        AssertClose(expected, TransformedTeacherMethod.Loss(Student, Teacher, T).Item(), 1e-12);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 16)]
    public void Identity_10_the_optimum_keeps_the_teacher_order_of_the_wrong_classes(double temperature, double scale)
    {
        using var scope = new TensorScope();
        Tensor target = (Teacher / temperature).Softmax(1);
        Tensor logits = Operators.Zeros([3, 4], DType.Float64);
        double size = 1;
        for (int step = 0; step < 20_000 && size > 1e-10; step++)
        {
            using var inner = new TensorScope();
            Tensor leaf = logits.Detach();
            leaf.RequiresGrad = true;
            Tensor loss = (leaf.CrossEntropyLoss(Targets) * (1 - Share)) + (PartialMethod.Loss(leaf, target, temperature) * (Share * scale));
            Tensor gradient = Autograd.Gradients(loss, [leaf])[0];
            size = gradient.Abs().Max().Item();
            logits = inner.Keep(leaf.Detach() - (gradient * 3.0));
        }

        Assert.True(size < 1e-8, $"No optimum was reached: the gradient is still {size}.");
        double[] student = logits.ToArray<double>(), teacher = Teacher.ToArray<double>();
        long[] targets = Targets.ToArray<long>();
        for (int i = 0; i < 3; i++)
        {
            int[] wrong = [.. Enumerable.Range(0, 4).Where(k => k != targets[i])];
            Assert.Equal(wrong.OrderBy(k => teacher[(i * 4) + k]), wrong.OrderBy(k => student[(i * 4) + k]));
        }
    }
}
