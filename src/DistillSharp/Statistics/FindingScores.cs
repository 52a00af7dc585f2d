namespace DistillSharp.Statistics;

/// <summary>
/// The measurements behind one finding: a score for each seed and image, [S][N], the same N images for all seeds.
/// NaN excludes an image for a seed; a pair counts only where both scores are present.
/// Where the score already compares the two students (1 closer than the independent student, 0 further, 0.5 equal),
/// the independent student's score is 0.5 throughout.
/// </summary>
public sealed record FindingScores
{
    /// <summary>The seeds, [S]; the order of all matrices.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>The distilled student against its own teacher, [S][N].</summary>
    public required IReadOnlyList<double[]> StudentOwn { get; init; }

    /// <summary>
    /// The independent student of the same seed against the same teacher, [S][N]. Empty where there is none at all: then there is no floor,
    /// and the finding has levels only (<see cref="LevelsOnly"/>).
    /// </summary>
    public required IReadOnlyList<double[]> IndependentOwn { get; init; }

    /// <summary>False where students were measured but no independent student was.</summary>
    public bool HasFloor => IndependentOwn.Count > 0 || Seeds.Count == 0;

    /// <summary>The same distilled student against another teacher, [S][N]; null without that control. Its NaN may differ.</summary>
    public IReadOnlyList<double[]>? StudentOther { get; init; }

    /// <summary>The same independent student against that other teacher, [S][N]; given exactly where <see cref="StudentOther"/> is, except without a floor.</summary>
    public IReadOnlyList<double[]>? IndependentOther { get; init; }

    /// <summary>
    /// True where <see cref="StudentOther"/> is another student, distilled from the other teacher, and not the same student scored against that
    /// teacher: the control of a property that a student has by itself.
    /// </summary>
    public bool OtherIsStudent { get; init; }

    /// <summary>
    /// Pairs of independent students over the same N images: best every pair once, lower seed first.
    /// Not both directions of a pair and not a ring (1-2, 2-3, 3-1): their mean is 0 whatever happens.
    /// </summary>
    public IReadOnlyList<NullPair> NullPairs { get; init; } = [];

    /// <summary>The property in the teacher (the ceiling); null where it has no number.</summary>
    public double? Teacher { get; init; }

    /// <summary>False where a lower score is closer to the teacher, e.g. a divergence.</summary>
    public bool HigherIsCloser { get; init; } = true;

    /// <summary>
    /// Set where the analysis knows that the question has no answer, e.g. "The teacher classifies blurred images no better than chance.";
    /// the finding then is not applicable for this reason. Levels are still reported.
    /// </summary>
    public string? NotApplicableReason { get; init; }
}
