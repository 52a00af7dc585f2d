using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// The teacher's decision as a second label (Touvron et al., "Training data-efficient image transformers and distillation through
/// attention", ICML 2021, equation 3): how much of soft labels' gain is the teacher's answer alone?
/// </summary>
public sealed class HardLabelMethod : ResponseMethod
{
    private HardLabelMethod(OptionValues options)
        : base("hard-label", options)
    {
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "hard-label",
        "Hard labels of the teacher",
        "Touvron, Cord, Douze, Massa, Sablayrolles, Jégou: Training Data-Efficient Image Transformers and Distillation through Attention. ICML",
        2021,
        "teacher logits, labels",
        "label-weight · CE(student, labels) + weight · CE(student, argmax teacher)",
        NeedsTeacher: true,
        [MethodOptions.Weight(0.5), MethodOptions.LabelWeight(0.5)],
        (options, _) => new HardLabelMethod(options),
        (options, _, _, _) => MethodOptions.CheckWeight(options));

    /// <summary>The cross-entropy with the class that the teacher finds likeliest, in nats, meant over the examples.</summary>
    /// <param name="studentLogits"><c>[B, classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[B, classes]</c>.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor teacherLogits) => studentLogits.CrossEntropyLoss(teacherLogits.Detach().Argmax(1));

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch) => Loss(batch.StudentLogits, batch.TeacherLogits!);
}
