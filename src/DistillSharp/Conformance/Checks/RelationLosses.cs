namespace DistillSharp.Conformance.Checks;

/// <summary>The losses on relations between examples, as fixtures state them.</summary>
internal static class RelationLosses
{
    /// <summary>Each loss; a further one is an entry here.</summary>
    public static IReadOnlyList<LossMethod> All { get; } =
    [
    ];
}
