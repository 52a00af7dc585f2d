namespace DistillSharp.Auditing;

/// <summary>An audit that cannot be made.</summary>
/// <param name="problems">Why; at least one.</param>
public sealed class AuditException(IReadOnlyList<AuditProblem> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>Why.</summary>
    public IReadOnlyList<AuditProblem> Problems { get; } = problems;

    /// <summary>The kind to answer with: a wrong request before a bad file, a bad file before weights that do not fit.</summary>
    public AuditProblemKind Kind => Problems.Min(p => p.Kind);
}
