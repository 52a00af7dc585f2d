namespace DistillSharp.Training;

/// <summary>A loss became infinite or not a number; nothing that followed from it was saved.</summary>
/// <param name="run">The run.</param>
/// <param name="epoch">The epoch, from 1 as people count.</param>
/// <param name="batch">The batch within the epoch, from 1.</param>
/// <param name="term">The loss term that was not finite first.</param>
/// <param name="value">What it was.</param>
public sealed class NonFiniteLossException(string run, int epoch, int batch, string term, double value)
    : Exception($"{run}: the loss term '{term}' is {value} in epoch {epoch}, batch {batch}. Training stopped; the last checkpoint is from before. "
        + "Try a smaller learning rate, a warm-up, or a smaller weight of this term.")
{
    /// <summary>The run.</summary>
    public string Run { get; } = run;

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>The batch within the epoch, from 1.</summary>
    public int Batch { get; } = batch;

    /// <summary>The loss term.</summary>
    public string Term { get; } = term;
}
