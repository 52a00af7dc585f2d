namespace DistillSharp.Studies;

/// <summary>A model to train.</summary>
/// <param name="Key">Names the run, and its folder.</param>
/// <param name="Role">What the model is in the study.</param>
/// <param name="Method">How a student is trained (<see cref="MethodDefinition.Independent"/> included); null for teachers.</param>
/// <param name="Seed">The seed of initialisation and order of data.</param>
/// <param name="Model">The network.</param>
/// <param name="Budget">What it trains on.</param>
/// <param name="TeacherKey">The run of the teacher that it learns from; null where it learns from labels alone.</param>
public sealed record PlannedRun(
    RunKey Key,
    RunRole Role,
    MethodDefinition? Method,
    int Seed,
    ModelDefinition Model,
    BudgetDefinition Budget,
    RunKey? TeacherKey);
