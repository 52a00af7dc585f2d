using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>An optimiser with its options.</summary>
/// <param name="Name">Its name in the catalogue.</param>
/// <param name="Options">A value for every option that it has.</param>
public sealed record OptimizerDefinition(string Name, OptionValues Options) : ConfiguredDefinition(Name, Options);
