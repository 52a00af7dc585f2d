using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>
/// One batch: the same tensors go to the teacher and to every student. They belong to the tensor scope that was open when
/// the batch was made; without one, to whoever disposes the batch.
/// </summary>
public sealed class ImageBatch : IDisposable
{
    internal ImageBatch(Tensor images, Tensor targets, Tensor sampleIndices, int epoch, int index, bool hasUnlabelled = false) =>
        (Images, Targets, SampleIndices, Epoch, Index, HasUnlabelled) = (images, targets, sampleIndices, epoch, index, hasUnlabelled);

    /// <summary>Float32 [B, C, H, W] in [0, 1], augmented, not normalised.</summary>
    public Tensor Images { get; }

    /// <summary>Int64 [B]: the class of each image; <see cref="ImageDataset.NoLabel"/> where it has none.</summary>
    public Tensor Targets { get; }

    /// <summary>Int64 [B]: each image's position in the subset that batches are taken from, 0 to M - 1.</summary>
    public Tensor SampleIndices { get; }

    /// <summary>True where some images may have no label.</summary>
    public bool HasUnlabelled { get; }

    /// <summary>The epoch, from 0.</summary>
    public int Epoch { get; }

    /// <summary>The batch's number within the epoch, from 0.</summary>
    public int Index { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Targets.Dispose();
        SampleIndices.Dispose();
    }
}
