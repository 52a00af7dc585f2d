namespace DistillSharp.Studies;

/// <summary>Runs that train side by side on the same batches: one teacher, or students of a seed.</summary>
/// <param name="Name">E.g. <c>teacher-&lt;name&gt;</c> or <c>students-s&lt;seed&gt;</c>; unique in a plan.</param>
/// <param name="Runs">The runs, in the study's order; at least one.</param>
public sealed record RunGroup(string Name, ValueList<PlannedRun> Runs)
{
    /// <summary>Groups of a stage train at the same time, after all of the stages before, whose networks they may need.</summary>
    public int Stage { get; init; }

    /// <summary>What its runs are distilled on.</summary>
    public TransferDefinition Data { get; init; } = TransferDefinition.Own;
}
