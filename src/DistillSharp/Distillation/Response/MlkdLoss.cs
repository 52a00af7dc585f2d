using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>The three levels of multi-level logit distillation, each a scalar with its graph.</summary>
/// <param name="Instance">Each image's distribution.</param>
/// <param name="Batch">How images resemble each other.</param>
/// <param name="Class">How classes resemble each other.</param>
public sealed record MlkdLoss(Tensor Instance, Tensor Batch, Tensor Class)
{
    /// <summary>The three levels, summed.</summary>
    public Tensor Sum => Instance + Batch + Class;
}
