namespace DistillSharp.Training;

/// <summary>How far a run has come: the next batch to train on.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Batch">The batch within the epoch, from 0.</param>
public readonly record struct TrainingPosition(int Epoch, int Batch) : IComparable<TrainingPosition>
{
    /// <inheritdoc/>
    public int CompareTo(TrainingPosition other) => (Epoch, Batch).CompareTo((other.Epoch, other.Batch));

    /// <summary>The position after one more batch.</summary>
    public TrainingPosition Next(int batchesPerEpoch) => Batch + 1 < batchesPerEpoch ? new(Epoch, Batch + 1) : new(Epoch + 1, 0);
}
