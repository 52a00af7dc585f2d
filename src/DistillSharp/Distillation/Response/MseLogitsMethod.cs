using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// The logits themselves, not their probabilities (Ba, Caruana, "Do Deep Nets Really Need to be Deep?", NIPS 2014;
/// Kim et al., "Comparing Kullback-Leibler Divergence and Mean Squared Error Loss in Knowledge Distillation", IJCAI 2021).
/// </summary>
public sealed class MseLogitsMethod : ResponseMethod
{
    private MseLogitsMethod(OptionValues options)
        : base("mse", options)
    {
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "mse-logits",
        "Regression of logits",
        "Kim, Oh, Kim, Cho, Yun: Comparing Kullback-Leibler Divergence and Mean Squared Error Loss in Knowledge Distillation. IJCAI",
        2021,
        "teacher logits, labels",
        "label-weight · CE(student, labels) + weight · mean((student - teacher)²) over examples and classes; by default from the teacher alone, which the paper found best",
        NeedsTeacher: true,
        [MethodOptions.Weight(1), MethodOptions.LabelWeight(0)],
        (options, _) => new MseLogitsMethod(options),
        (options, _, _, _) => MethodOptions.CheckWeight(options));

    /// <summary>The mean squared difference over all elements (Kim et al. 2021, with PyTorch's mean as in their code).</summary>
    /// <param name="studentLogits"><c>[..., classes]</c>, with graph.</param>
    /// <param name="teacherLogits">The same shape; no gradient goes into them.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor teacherLogits) => studentLogits.MseLoss(teacherLogits.Detach());

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch) => Loss(batch.StudentLogits, batch.TeacherLogits!);
}
