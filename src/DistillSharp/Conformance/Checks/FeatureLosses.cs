using DistillSharp.Distillation;
using DistillSharp.Torch;

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
        new("fsp", ["student", "teacher"], [], inputs =>
            FspMethod.Losses(inputs.Maps("student", 2), inputs.Matching("teacher", "student"))),
        new("factor_transfer", ["student", "teacher"], ["p1", "p2"], inputs =>
            [.. inputs.SideBySide("student", "teacher").Select(p => FactorTransferMethod.Loss(p.First, p.Second, inputs.Positive("p1"), inputs.Positive("p2")))]),
        new("activation_boundary", ["student", "teacher"], ["margin"], inputs =>
            ActivationBoundaryMethod.Losses([.. inputs.Pairs("student", "teacher").Select(p => p.First)], inputs.All("teacher"), inputs.NotNegative("margin"))),
        new("nst", ["student", "teacher"], [], inputs =>
            [.. inputs.SideBySide("student", "teacher").Select(p => NstMethod.Loss(p.First, p.Second))]),
        new("vid", ["student", "teacher"], ["init_pred_var", "eps"], Variational)
        {
            Parameters = ["log_scale", "regressor.0.weight", "regressor.2.weight", "regressor.4.weight"],
        },
        new("kdsvd", ["student", "teacher"], ["k"], inputs =>
            KdsvdMethod.Losses(inputs.Maps("student", 2), inputs.Matching("teacher", "student"), inputs.Count("k"))),
        new("ofd_partial_l2", ["student", "teacher", "margin"], [], inputs =>
            [.. inputs.Pairs("student", "teacher").Select((p, i) => OverhaulMethod.Loss(p.First, p.Second, inputs.All("margin")[i]))]),
        new("reviewkd_hcl", ["student", "teacher"], [], inputs =>
            [ReviewMethod.Loss([.. inputs.Pairs("student", "teacher").Select(p => p.First)], inputs.All("teacher"))]),
    ];

    private static IReadOnlyList<Tensor> Variational(LossInputs inputs)
    {
        Tensor P(string name) => inputs.Parameters[name];
        return
        [
            .. inputs.SideBySide("student", "teacher").Select(p => VidMethod.PairLoss(
                p.First,
                p.Second,
                map => VidMethod.Predict(map, P("regressor.0.weight"), P("regressor.2.weight"), P("regressor.4.weight")),
                P("log_scale"),
                inputs.NotNegative("eps"))),
        ];
    }
}
