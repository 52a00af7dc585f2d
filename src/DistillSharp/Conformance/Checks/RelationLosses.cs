using DistillSharp.Distillation;

namespace DistillSharp.Conformance.Checks;

/// <summary>The losses on relations between examples, as fixtures state them.</summary>
internal static class RelationLosses
{
    /// <summary>Each loss; a further one is an entry here.</summary>
    public static IReadOnlyList<LossMethod> All { get; } =
    [
        new("similarity_preserving", ["student", "teacher"], [], inputs =>
            [.. inputs.SideBySide("student", "teacher").Select(p => SimilarityPreservingMethod.Loss(p.First, p.Second))]),
        new("correlation_congruence", ["student", "teacher"], [], inputs =>
            [.. inputs.Pairs("student", "teacher").Select(p => CorrelationCongruenceMethod.Loss(p.First, p.Second))]),
        new("rkd", ["student", "teacher"], ["distance_weight", "angle_weight"], inputs =>
            [.. inputs.SideBySide("student", "teacher").Select(p => RkdMethod.Loss(p.First, p.Second, inputs.NotNegative("distance_weight"), inputs.NotNegative("angle_weight")))]),
        new("pkt", ["student", "teacher"], ["eps"], inputs =>
            [.. inputs.SideBySide("student", "teacher").Select(p => PktMethod.Loss(p.First, p.Second, inputs.Positive("eps")))]),
    ];
}
