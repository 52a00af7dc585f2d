using DistillSharp.Distillation;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Distillation;

/// <summary>Every loss on logits as a function of the student's and the teacher's logits <c>[3, 4]</c>, for tests that hold for all.</summary>
internal static class ResponseCases
{
    public static IReadOnlyDictionary<string, Func<Tensor, Tensor, Tensor>> All { get; } = new Dictionary<string, Func<Tensor, Tensor, Tensor>>
    {
        ["kl"] = (s, t) => KlMethod.Loss(s, t, 2.5),
        ["reverse-kl"] = (s, t) => ReverseKlMethod.Loss(s, t, 2.5),
        ["jensen-shannon"] = (s, t) => JensenShannonMethod.Loss(s, t, 1.5, 0.3),
        ["mse-logits"] = MseLogitsMethod.Loss,
        ["hard-label"] = HardLabelMethod.Loss,
        ["teacher-free-self"] = (s, t) => TeacherFreeSelfMethod.Loss(s, t, 3),
        ["dkd"] = (s, t) => DkdMethod.Loss(s, t, Targets, 1.3, 6, 2),
        ["dist"] = (s, t) => Sum(DistMethod.Loss(s, t, 1.5, 2.5, 3)),
        ["logit-standardization"] = (s, t) => LogitStandardizationMethod.Loss(s, t, 2),
        ["logit-standardization, biased"] = (s, t) => LogitStandardizationMethod.Loss(s, t, 2, 1e-7, unbiased: false),
        ["mlkd"] = (s, t) => MlkdMethod.Loss(s, t, [1.5, 4]).Sum,
        ["mlkd, standardised"] = (s, t) => MlkdMethod.Loss(s, t, [2, 3], standardize: true).Sum,
        ["mlkd, masked"] = (s, t) => Masked(s, t),
        ["mlkd, batch"] = (s, t) => MlkdMethod.BatchLoss(s, t, 2),
        ["mlkd, class"] = (s, t) => MlkdMethod.ClassLoss(s, t, 2),
        ["transformed-teacher"] = (s, t) => TransformedTeacherMethod.Loss(s, t, 5),
        ["transformed-teacher-weighted"] = (s, t) => WeightedTransformedTeacherMethod.Loss(s, t, 5),
        ["curriculum-temperature"] = (s, t) => CurriculumTemperatureMethod.Loss(s, t, Temperatures(s)),
        ["kd-pt"] = (s, t) => PartialMethod.Loss(s, PartialTargets.EvenRest(True(t), Targets, 4), 2),
        ["kd-topk"] = (s, t) => PartialMethod.Loss(s, PartialTargets.TopK(t.Softmax(1), 2), 2),
        ["kd-pt-rel"] = (s, t) => PartialMethod.Loss(s, PartialTargets.RelatedRest(True(t), Targets, Relations(s)), 2),
        ["kd-perm"] = (s, t) => Permuted(s, t),
    };

    /// <summary>Losses that have no teacher.</summary>
    public static IReadOnlyDictionary<string, Func<Tensor, Tensor>> WithoutTeacher { get; } = new Dictionary<string, Func<Tensor, Tensor>>
    {
        ["label-smoothing"] = s => LabelSmoothingMethod.Loss(s, Targets, 0.2),
        ["teacher-free"] = s => TeacherFreeMethod.Loss(s, Targets, 0.95, 4),
        ["noisy-one-hot"] = NoisyOneHot,
    };

    public static Tensor Targets => Tensor.From([2L, 0L, 3L]);

    public static Tensor Student => Tensor.From([0.3, -1.2, 2.0, 0.1, 0.4, -0.7, 1.1, -0.2, -1.5, 0.6, 0.25, 0.9], 3, 4);

    public static Tensor Teacher => Tensor.From([1.3, 0.2, 2.4, 0.6, -0.4, 0.9, 0.15, -1.1, 0.7, -0.3, 0.05, 2.2], 3, 4);

    private static Tensor Sum((Tensor First, Tensor Second) parts) => parts.First + parts.Second;

    private static Tensor True(Tensor teacher) => teacher.Softmax(1).Gather(1, Targets.Unsqueeze(1)).Squeeze(1);

    private static Tensor Temperatures(Tensor like) => Tensor.From([1.5, 2.0, 4.0], 3, 1).To(like.DType);

    private static Tensor Relations(Tensor like) => PartialTargets.GroupRelations([0, 0, 1, 1], 4).To(like.DType);

    private static Tensor Masked(Tensor student, Tensor teacher)
    {
        (Tensor images, Tensor classes) = MlkdMethod.UnsureMasks(teacher);
        return MlkdMethod.Loss(student, teacher, [2.0], imageMask: images, classMask: classes).Sum;
    }

    private static Tensor Permuted(Tensor student, Tensor teacher)
    {
        using var generator = new Generator(3);
        return PartialMethod.Loss(student, PartialTargets.PermutedRest(teacher.Softmax(1), Targets, generator), 1);
    }

    private static Tensor NoisyOneHot(Tensor student)
    {
        using var generator = new Generator(3);
        return NoisyOneHotMethod.Loss(student, NoisyOneHotMethod.Labels(student, Targets, 0.2, 0.15, generator));
    }
}
