using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// The control of <see cref="KdPtMethod"/>: the same confidences in every class, dealt out to other images of it, once for the run. What
/// it gains is no knowledge of single images.
/// </summary>
public sealed class KdPtShuffledMethod : PartialMethod
{
    private Tensor? _confidences;

    private KdPtShuffledMethod(OptionValues options)
        : base(options)
    {
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = PartialOptions.Describe(
        "kd-pt-shuffled",
        "Control: confidences shuffled within each class (KD-pt shuffled)",
        "the teacher's answers to all training images, labels",
        "as kd-pt, with the p(true) of another image of the same class, drawn once",
        [],
        options => new KdPtShuffledMethod(options),
        paper: PartialOptions.Control);

    /// <inheritdoc/>
    protected override bool NeedsSurvey => true;

    /// <inheritdoc/>
    protected override void Prepare(TeacherSurvey? survey, DistillationBatch sample, MethodSetup setup)
    {
        // Images without a label have no true class: what stands for them is never asked for.
        Tensor own = TrueProbabilities(survey!.Logits, survey.Labels.Clamp(0L));
        _confidences = Keep("confidences", PartialTargets.ShuffledWithinClass(own, survey.Labels, setup.Generator), sample);
    }

    /// <inheritdoc/>
    protected override Tensor Target(Tensor teacherLogits, Tensor targets, Tensor indices, Generator generator) =>
        PartialTargets.EvenRest(_confidences!.IndexSelect(0, indices), targets, teacherLogits.Size(1));
}
