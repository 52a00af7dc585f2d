namespace DistillSharp.Auditing;

/// <summary>What came of checking a request.</summary>
/// <param name="Plan">What to measure; null where there are problems.</param>
/// <param name="Problems">Everything that is wrong.</param>
/// <param name="Warnings">What looks wrong and need not be.</param>
public sealed record AuditCheckResult(AuditPlan? Plan, IReadOnlyList<AuditProblem> Problems, IReadOnlyList<string> Warnings)
{
    /// <summary>The plan.</summary>
    /// <exception cref="AuditException">There are problems.</exception>
    public AuditPlan Require() => Plan ?? throw new AuditException(Problems);
}
