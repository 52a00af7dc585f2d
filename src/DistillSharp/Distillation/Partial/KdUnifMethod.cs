using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>The control of smoothing alone: every image gets the teacher's mean confidence in the true class, and an even rest. Label smoothing of the teacher's own amount.</summary>
public sealed class KdUnifMethod : PartialMethod
{
    private Tensor? _confidence;

    private KdUnifMethod(OptionValues options)
        : base(options)
    {
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = PartialOptions.Describe(
        "kd-unif",
        "Control: the mean confidence for every image (KD-unif)",
        "the teacher's answers to all training images, labels",
        "m at the true class, (1 - m) / (classes - 1) elsewhere, m = the mean of p(true) over the training images",
        [],
        options => new KdUnifMethod(options),
        paper: PartialOptions.Control);

    /// <inheritdoc/>
    protected override bool NeedsSurvey => true;

    /// <inheritdoc/>
    protected override void Prepare(TeacherSurvey? survey, DistillationBatch sample, MethodSetup setup) =>
        _confidence = Keep("confidence", MeanConfidence(survey!), sample);

    /// <inheritdoc/>
    protected override Tensor Target(Tensor teacherLogits, Tensor targets, Tensor indices, Generator generator) =>
        PartialTargets.EvenRest(_confidence!.Expand([targets.Size(0)]), targets, teacherLogits.Size(1));
}
