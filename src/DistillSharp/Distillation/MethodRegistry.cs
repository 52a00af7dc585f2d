using DistillSharp.Configuration;

namespace DistillSharp.Distillation;

/// <summary>Every method by name; a new method is added here, once.</summary>
public static class MethodRegistry
{
    /// <summary>The methods, in the order to be listed.</summary>
    public static IReadOnlyList<MethodDescription> All { get; } =
    [
        IndependentMethod.Description,
        KlMethod.Description,
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
        SimilarityPreservingMethod.Description,
        CorrelationCongruenceMethod.Description,
        RkdMethod.Description,
        PktMethod.Description,
        CrdMethod.Description,
    ];

    /// <summary>The method of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static MethodDescription Get(string name) =>
        All.FirstOrDefault(m => m.Name == name) ?? throw new ArgumentException(NearestName.Explain("method", name, All.Select(m => m.Name)), nameof(name));
}
