namespace DistillSharp.Statistics;

/// <summary>The words of one finding; the fields of the same names in <see cref="Studies.Results.Finding"/>.</summary>
public sealed record FindingTexts
{
    /// <summary>The analysis' name, e.g. <c>fidelity</c>.</summary>
    public required string Analysis { get; init; }

    /// <summary>The measure's name, e.g. <c>agreement-test</c>.</summary>
    public required string Measure { get; init; }

    /// <summary>A short title for people.</summary>
    public required string Title { get; init; }

    /// <summary>The question in one sentence.</summary>
    public required string Question { get; init; }

    /// <summary><c>share</c> (0 to 1, printed as per cent and points), <c>nats</c> or another plain unit.</summary>
    public required string Unit { get; init; }

    /// <summary>The distillation method of the students.</summary>
    public required string Method { get; init; }

    /// <summary>Exclusions and preconditions that the analysis found, with counts.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// How the reason starts, with <c>{student}</c> and <c>{independent}</c> where the levels go, e.g.
    /// "Students agree with their teacher on {student} of images, independent students on {independent}".
    /// </summary>
    public string ReasonLead { get; init; } = "Students: {student}, independent students: {independent}";
}
