using DistillSharp.Distillation;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>The losses on logits, as fixtures state them.</summary>
internal static class ResponseLosses
{
    /// <summary>Each loss; a further one is an entry here.</summary>
    public static IReadOnlyList<LossMethod> All { get; } =
    [
        new("kd", Logits, ["temperature"], inputs =>
            [.. Pairs(inputs).Select(p => KlMethod.Loss(p.First, p.Second, inputs.Positive("temperature")))]),
        new("dkd", Logits, ["alpha", "beta", "temperature"], inputs =>
            [.. Pairs(inputs).Select(p => DkdMethod.Loss(
                p.First, p.Second, inputs.Classes("target", p.First), inputs.NotNegative("alpha"), inputs.NotNegative("beta"), inputs.Positive("temperature")))])
        {
            Indices = ["target"],
        },
        new("dist", Logits, ["beta", "gamma", "tau"], Dist),
        new("logit_standardization_kd", Logits, ["temperature", "eps", "std"], inputs =>
            [.. Pairs(inputs).Select(p => LogitStandardizationMethod.Loss(
                p.First,
                p.Second,
                inputs.Positive("temperature"),
                inputs.NotNegative("eps", LogitTensors.StandardizeEpsilon),
                inputs.Word("std", "unbiased", "biased") == "unbiased"))]),
        new("mlkd_batch_gram", Logits, ["temperature"], inputs =>
            [.. Pairs(inputs).Select(p => MlkdMethod.BatchLoss(p.First, p.Second, inputs.Positive("temperature")))]),
        new("mlkd_class_gram", Logits, ["temperature"], inputs =>
            [.. Pairs(inputs).Select(p => MlkdMethod.ClassLoss(p.First, p.Second, inputs.Positive("temperature")))]),
    ];

    private static string[] Logits => ["student_logits", "teacher_logits"];

    private static IReadOnlyList<(Tensor First, Tensor Second)> Pairs(LossInputs inputs) => inputs.Pairs("student_logits", "teacher_logits");

    private static IReadOnlyList<Tensor> Dist(LossInputs inputs)
    {
        var parts = new List<Tensor>();
        foreach ((Tensor student, Tensor teacher) in Pairs(inputs))
        {
            (Tensor inter, Tensor intra) = DistMethod.Loss(
                student, teacher, inputs.NotNegative("beta"), inputs.NotNegative("gamma"), inputs.Positive("tau"));
            parts.AddRange([inter, intra]);
        }

        return parts;
    }
}
