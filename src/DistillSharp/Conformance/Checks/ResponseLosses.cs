using DistillSharp.Distillation;

namespace DistillSharp.Conformance.Checks;

/// <summary>The losses on logits, as fixtures state them.</summary>
internal static class ResponseLosses
{
    /// <summary>Each loss; a further one is an entry here.</summary>
    public static IReadOnlyList<LossMethod> All { get; } =
    [
        new("kd", ["student_logits", "teacher_logits"], ["temperature"], inputs =>
            [.. inputs.Pairs("student_logits", "teacher_logits").Select(p => KlMethod.Loss(p.First, p.Second, inputs.Positive("temperature")))]),
    ];
}
