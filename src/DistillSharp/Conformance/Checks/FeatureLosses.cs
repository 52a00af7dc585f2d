using DistillSharp.Distillation;

namespace DistillSharp.Conformance.Checks;

/// <summary>The losses on features, as fixtures state them.</summary>
internal static class FeatureLosses
{
    /// <summary>Each loss; a further one is an entry here.</summary>
    public static IReadOnlyList<LossMethod> All { get; } =
    [
        new("hint", ["student", "teacher"], [], inputs =>
            [.. inputs.Pairs("student", "teacher").Select(p => HintMethod.Loss(p.First, p.Second))]),
        new("attention_transfer", ["student", "teacher"], ["p"], inputs =>
            [.. inputs.SideBySide("student", "teacher").Select(p => AttentionTransferMethod.Loss(p.First, p.Second, inputs.Positive("p")))]),
        new("nst", ["student", "teacher"], [], inputs =>
            [.. inputs.SideBySide("student", "teacher").Select(p => NstMethod.Loss(p.First, p.Second))]),
    ];
}
