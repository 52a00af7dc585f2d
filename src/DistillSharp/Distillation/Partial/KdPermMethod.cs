using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// The control of what the teacher says of wrong classes: its confidence stays, and its other probabilities are dealt out at random for
/// each image, anew at every step (after Furlanello et al., "Born-Again Neural Networks", ICML 2018, which permutes all classes
/// but the teacher's own choice; here the true class stays).
/// </summary>
public sealed class KdPermMethod : PartialMethod
{
    private KdPermMethod(OptionValues options)
        : base(options)
    {
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = PartialOptions.Describe(
        "kd-perm",
        "Control: wrong classes permuted (KD-perm)",
        "teacher logits, labels",
        "p(true) at the true class, the other probabilities of p permuted at random for each image",
        [],
        options => new KdPermMethod(options),
        paper: "Furlanello, Lipton, Tschannen, Itti, Anandkumar: Born-Again Neural Networks. ICML",
        year: 2018);

    /// <inheritdoc/>
    protected override Tensor Target(Tensor teacherLogits, Tensor targets, Tensor indices, Generator generator) =>
        PartialTargets.PermutedRest(Probabilities(teacherLogits), targets, generator);
}
