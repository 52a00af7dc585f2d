using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>Everything a method may see of one batch: teacher and student looked at the same augmented images.</summary>
public sealed record DistillationBatch
{
    /// <summary>The student's logits <c>[B, classes]</c>, with their graph.</summary>
    public required Tensor StudentLogits { get; init; }

    /// <summary>The teacher's logits <c>[B, classes]</c>, without graph; null for methods without a teacher.</summary>
    public Tensor? TeacherLogits { get; init; }

    /// <summary>What the student's tapped layers gave out, by path, with their graph.</summary>
    public required IReadOnlyDictionary<string, Tensor> StudentTaps { get; init; }

    /// <summary>What the teacher's tapped layers gave out, by path, without graph.</summary>
    public required IReadOnlyDictionary<string, Tensor> TeacherTaps { get; init; }

    /// <summary>What stands in <see cref="Targets"/> for an image without a label; ATen's cross-entropy leaves such images out.</summary>
    public const long NoLabel = -100;

    /// <summary>The true classes, Int64 <c>[B]</c>; <see cref="NoLabel"/> where an image has none.</summary>
    public required Tensor Targets { get; init; }

    /// <summary>True where some images may have no label: extra data, mixed images, noise. Methods that need every label are not run on such.</summary>
    public bool HasUnlabelled { get; init; }

    /// <summary>Which training examples these are, Int64 <c>[B]</c>, from 0 to the number of training examples less one.</summary>
    public required Tensor SampleIndices { get; init; }

    /// <summary>The epoch, from 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>The step, from 0, counted over all epochs: by it methods know which stage they are in.</summary>
    public long Step { get; init; }

    /// <summary>Where a method draws random numbers; seeded anew for every batch, so that a resumed run draws the same.</summary>
    public required Generator Generator { get; init; }
}
