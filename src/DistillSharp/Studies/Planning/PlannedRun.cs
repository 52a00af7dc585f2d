namespace DistillSharp.Studies;

/// <summary>A model to train, or to make out of others.</summary>
/// <param name="Key">Names the run, and its folder.</param>
/// <param name="Role">What the model is in the study.</param>
/// <param name="Method">How it is trained (<see cref="MethodDefinition.Independent"/> included); null for teachers that learn from labels alone.</param>
/// <param name="Seed">The seed of initialisation and order of data.</param>
/// <param name="Model">The network; of an ensemble, each member's.</param>
/// <param name="Budget">What it trains on.</param>
/// <param name="TeacherKey">The run of the teacher that it learns from; null where it learns from labels alone.</param>
public sealed record PlannedRun(
    RunKey Key,
    RunRole Role,
    MethodDefinition? Method,
    int Seed,
    ModelDefinition Model,
    BudgetDefinition Budget,
    RunKey? TeacherKey)
{
    /// <summary>The runs whose networks answer as one; empty for a single network.</summary>
    public ValueList<RunKey> Members { get; init; } = [];

    /// <summary>Weights that are read and not trained; null where it is trained or made of members.</summary>
    public WeightsDefinition? Weights { get; init; }

    /// <summary>How its own training images are changed at random; null for the study's augmentation.</summary>
    public AugmentationDefinition? Augmentation { get; init; }

    /// <summary>Which of the study's training images it learns from; null for all.</summary>
    public SelectionDefinition? Images { get; init; }

    /// <summary>The seed of its initial weights, where they are the first teacher's and not drawn from <see cref="Seed"/>; else null.</summary>
    public int? StartSeed { get; init; }

    /// <summary>After how many epochs of its budget training stops.</summary>
    public int Epochs { get; init; } = Budget.Epochs;

    /// <summary>True where the model is trained here; false where it is read or made of others.</summary>
    public bool IsTrained => Members.Count == 0 && Weights is null;

    /// <summary>True for a student, the one without a teacher included.</summary>
    public bool IsStudent => Role is RunRole.Independent or RunRole.Student or RunRole.CrossStudent;
}
