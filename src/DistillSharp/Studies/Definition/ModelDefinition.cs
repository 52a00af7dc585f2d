using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>A network: its family and the values of its options. Image size, channels and classes come from the data set.</summary>
/// <param name="Name">Its name in the catalogue.</param>
/// <param name="Options">A value for every option that it has.</param>
public sealed record ModelDefinition(string Name, OptionValues Options) : ConfiguredDefinition(Name, Options);
