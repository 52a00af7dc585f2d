namespace DistillSharp.Training;

/// <summary>A loss, or the weights, became infinite or not a number; nothing that followed from it was saved.</summary>
public sealed class NonFiniteLossException : Exception
{
    private NonFiniteLossException(string run, TrainingPosition position, string term, string problem)
        : base($"{run}: {problem} in epoch {position.Epoch + 1}, batch {position.Batch + 1}. Training stopped; the last checkpoint, where there is one, is from before. "
            + "Try a smaller learning rate, a warm-up, or a smaller weight of this term.")
    {
        Run = run;
        Epoch = position.Epoch + 1;
        Batch = position.Batch + 1;
        Term = term;
    }

    /// <summary>The run.</summary>
    public string Run { get; }

    /// <summary>The epoch, from 1 as people count.</summary>
    public int Epoch { get; }

    /// <summary>The batch within the epoch, from 1.</summary>
    public int Batch { get; }

    /// <summary>The loss term that was not finite first; <c>weights</c> where the loss was finite and the step made from it was not.</summary>
    public string Term { get; }

    internal static NonFiniteLossException OfLoss(string run, TrainingPosition position, string term, double value) =>
        new(run, position, term, FormattableString.Invariant($"the loss term '{term}' is {value}"));

    internal static NonFiniteLossException OfWeights(string run, TrainingPosition position, string weight) =>
        new(run, position, "weights", $"the weights '{weight}' became infinite or not a number");
}
