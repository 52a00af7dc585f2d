namespace DistillSharp.Distillation;

/// <summary>
/// The first steps of a run, in which a method teaches otherwise than afterwards. Published recipes put 30 epochs before the 240
/// of the training; here the stage is a share of the run's own steps, so that every method has the same budget.
/// </summary>
/// <param name="share">How much of all steps it takes, from 0 to 0.9.</param>
/// <param name="fewest">How many steps it has at least.</param>
internal sealed class InitialStage(double share, int fewest = 0)
{
    private long _steps;

    /// <summary>Counts the stage's steps; of a run of more than one step at least one is left.</summary>
    public void Plan(MethodSetup setup) =>
        _steps = Math.Max(fewest, Math.Min((long)Math.Round(share * setup.Steps, MidpointRounding.AwayFromZero), setup.Steps - 1));

    /// <summary>True while the stage lasts.</summary>
    public bool Covers(DistillationBatch batch) => batch.Step < _steps;
}
