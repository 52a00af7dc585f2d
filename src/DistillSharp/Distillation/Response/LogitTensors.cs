using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>Steps that several losses on logits share.</summary>
internal static class LogitTensors
{
    /// <summary>What public implementations add to the deviation of logits.</summary>
    public const double StandardizeEpsilon = 1e-7;

    /// <summary>
    /// Z-scores of each example's logits over the classes, (x - mean)/(deviation + ε)
    /// (Sun et al., "Logit Standardization in Knowledge Distillation", CVPR 2024).
    /// </summary>
    /// <param name="logits"><c>[..., classes]</c>.</param>
    /// <param name="epsilon">ε, added to the deviation.</param>
    /// <param name="unbiased">True divides squares by classes - 1, as the authors' code does; false by classes, as the paper says.</param>
    public static Tensor Standardize(Tensor logits, double epsilon = StandardizeEpsilon, bool unbiased = true) =>
        (logits - logits.Mean(-1, keepdim: true)) / (logits.Std([-1], unbiased, keepdim: true) + epsilon);

    /// <summary>True at each example's class: Bool <c>[B, classes]</c>.</summary>
    /// <param name="logits"><c>[B, classes]</c>, for the shape and the device.</param>
    /// <param name="targets">Int64 <c>[B]</c>.</param>
    public static Tensor TargetMask(Tensor logits, Tensor targets) =>
        Operators.Zeros(logits.Shape, DType.Bool, logits.Device).ScatterInPlace(1, targets.Unsqueeze(1), 1);

    /// <summary>
    /// Logits in which some classes are out of the running: their probability is exactly 0. A finite number stands there, not minus
    /// infinity, because 0 times infinity is no number in the divergence and in its gradient.
    /// </summary>
    public static Tensor Exclude(Tensor logits, Tensor mask) => logits.MaskedFill(mask, logits.DType == DType.Float16 ? -6e4 : -1e30);
}
