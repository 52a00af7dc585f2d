using DistillSharp.Configuration;

namespace DistillSharp.Inheritance;

/// <summary>Every analysis by name; a new analysis is added here, once.</summary>
public static class AnalysisRegistry
{
    /// <summary>The analyses, in the order to be listed.</summary>
    public static IReadOnlyList<Analysis> All { get; } =
    [
        new FidelityAnalysis(),
        new LocalizationAnalysis(),
        new AdversarialAnalysis(),
        new InvarianceAnalysis(),
        new DomainAdaptationAnalysis(),
        new BiasAnalysis(),
        new UnseenDomainsAnalysis(),
        new RepresentationAnalysis(),
        new DecisionBoundaryAnalysis(),
        new ShapeBiasAnalysis(),
    ];

    /// <summary>The analysis of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static Analysis Get(string name) =>
        All.FirstOrDefault(a => a.Name == name) ?? throw new ArgumentException(NearestName.Explain("analysis", name, All.Select(a => a.Name)), nameof(name));
}
