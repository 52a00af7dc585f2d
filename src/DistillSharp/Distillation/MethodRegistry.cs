using DistillSharp.Configuration;

namespace DistillSharp.Distillation;

/// <summary>Every method by name; a new method is added here, once.</summary>
public static class MethodRegistry
{
    /// <summary>The methods by what they compare, in the order to be listed.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<MethodDescription> Methods)> Groups { get; } =
    [
        ("Response: what the logits say", [
            IndependentMethod.Description,
            KlMethod.Description,
            ReverseKlMethod.Description,
            JensenShannonMethod.Description,
            MseLogitsMethod.Description,
            HardLabelMethod.Description,
            LabelSmoothingMethod.Description,
            NoisyOneHotMethod.Description,
            TeacherFreeMethod.Description,
            TeacherFreeSelfMethod.Description,
            DkdMethod.Description,
            DistMethod.Description,
            LogitStandardizationMethod.Description,
            MlkdMethod.Description,
            TransformedTeacherMethod.Description,
            WeightedTransformedTeacherMethod.Description,
            WeightedSoftLabelsMethod.Description,
            CurriculumTemperatureMethod.Description,
        ]),
        ("Partial teachers: one part of what a soft label says", [
            KdPtMethod.Description,
            KdPtShuffledMethod.Description,
            KdUnifMethod.Description,
            KdRelMethod.Description,
            KdSimMethod.Description,
            KdPtRelMethod.Description,
            KdTopkMethod.Description,
            KdPermMethod.Description,
            KdClassavgMethod.Description,
        ]),
        ("Feature: what the layers give out", [
            HintMethod.Description,
            AttentionTransferMethod.Description,
            FspMethod.Description,
            FactorTransferMethod.Description,
            ActivationBoundaryMethod.Description,
            NstMethod.Description,
            VidMethod.Description,
            KdsvdMethod.Description,
            OverhaulMethod.Description,
            ReviewMethod.Description,
        ]),
        ("Relation: how examples lie to each other", [
            SimilarityPreservingMethod.Description,
            CorrelationCongruenceMethod.Description,
            RkdMethod.Description,
            PktMethod.Description,
            CrdMethod.Description,
        ]),
    ];

    /// <summary>The methods, in the order to be listed.</summary>
    public static IReadOnlyList<MethodDescription> All { get; } = [.. Groups.SelectMany(g => g.Methods)];

    /// <summary>The method of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static MethodDescription Get(string name) =>
        All.FirstOrDefault(m => m.Name == name) ?? throw new ArgumentException(NearestName.Explain("method", name, All.Select(m => m.Name)), nameof(name));
}
