namespace DistillSharp.Studies;

/// <summary>A teacher: a network trained on labels, or one that comes about in another way.</summary>
/// <param name="Name">What tables and folders call it; unique among the teachers.</param>
/// <param name="Model">Its network.</param>
/// <param name="Seed">Seed of its initialisation and of the order of its data, at least 0.</param>
/// <param name="Budget">Its own budget, in full.</param>
public sealed record TeacherDefinition(string Name, ModelDefinition Model, int Seed, BudgetDefinition Budget)
{
    /// <summary>How many networks answer as one: 1, or an ensemble of the seeds <see cref="Seed"/>, <see cref="Seed"/> + 1, ...</summary>
    public int Members { get; init; } = 1;

    /// <summary>
    /// How often it was born again: 0 for not at all; else each generation learns by <see cref="Method"/> from the one before, with
    /// the next seed (Furlanello et al. 2018).
    /// </summary>
    public int Generations { get; init; }

    /// <summary>The epoch after which its training is stopped, though schedules are those of the whole budget; null for its end.</summary>
    public int? AtEpoch { get; init; }

    /// <summary>The teacher that it learnt from itself: it is an assistant (Mirzadeh et al. 2020). Null for labels alone.</summary>
    public TeacherDefinition? LearnsFrom { get; init; }

    /// <summary>How it learns from <see cref="LearnsFrom"/> or from the generation before; null where it learns from labels alone.</summary>
    public MethodDefinition? Method { get; init; }

    /// <summary>How its own training images are changed at random; null for the study's augmentation.</summary>
    public AugmentationDefinition? Augmentation { get; init; }

    /// <summary>Which training images it learns from; null for all.</summary>
    public SelectionDefinition? Images { get; init; }

    /// <summary>The seed of the weights that it began with, where it is one network that is trained; of one born again, those of the last generation.</summary>
    public int InitialSeed => Seed + Generations;

    /// <summary>True for a second teacher that teaches too: every method that needs a teacher also trains students of its own.</summary>
    public bool Teaches { get; init; }

    /// <summary>Weights that are read and not trained; null where it is trained.</summary>
    public WeightsDefinition? Weights { get; init; }
}
