using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>A question to ask of the trained models, with its options.</summary>
/// <param name="Name">Its name in the catalogue.</param>
/// <param name="Options">A value for every option that it has.</param>
public sealed record AnalysisDefinition(string Name, OptionValues Options) : ConfiguredDefinition(Name, Options)
{
    /// <summary>What tables and folders call it: <c>name</c> in the study, or else the analysis' own name. Unique in a study.</summary>
    public string Label { get; init; } = Name;

    /// <summary>The label where the study gives one; null where the analysis is called by its own name.</summary>
    public string? GivenLabel => Label == Name ? null : Label;
}
