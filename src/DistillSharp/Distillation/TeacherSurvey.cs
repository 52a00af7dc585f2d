using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>The teacher's answers to all training images as they are, without augmentation: what methods that need whole-set figures start from.</summary>
/// <param name="Logits">Float32 <c>[N, classes]</c>, in the order of the sample indices.</param>
/// <param name="Labels">Int64 <c>[N]</c>; <see cref="DistillationBatch.NoLabel"/> where an image has none.</param>
public sealed record TeacherSurvey(Tensor Logits, Tensor Labels) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Logits.Dispose();
        Labels.Dispose();
    }
}
