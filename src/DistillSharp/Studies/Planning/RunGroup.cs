namespace DistillSharp.Studies;

/// <summary>Runs that train side by side on the same batches: one teacher, or all students of a seed.</summary>
/// <param name="Name"><c>teacher-&lt;name&gt;</c> or <c>students-s&lt;seed&gt;</c>; unique in a plan.</param>
/// <param name="Runs">The runs, in the study's order; at least one.</param>
public sealed record RunGroup(string Name, ValueList<PlannedRun> Runs);
