using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>KD-pt: only how sure the teacher is of the true class; label smoothing by an amount of each image's own (Tang et al. 2020, instance knowledge).</summary>
public sealed class KdPtMethod : PartialMethod
{
    private KdPtMethod(OptionValues options)
        : base(options)
    {
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = PartialOptions.Describe(
        "kd-pt",
        "Partial teacher: confidence in the true class (KD-pt)",
        "teacher logits, labels",
        "p(true) at the true class, (1 - p(true)) / (classes - 1) elsewhere",
        [],
        options => new KdPtMethod(options));

    /// <inheritdoc/>
    protected override Tensor Target(Tensor teacherLogits, Tensor targets, Tensor indices, Generator generator) =>
        PartialTargets.EvenRest(TrueProbabilities(teacherLogits, targets), targets, teacherLogits.Size(1));
}
