using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>A learning-rate schedule with its options.</summary>
/// <param name="Name">Its name in the catalogue.</param>
/// <param name="Options">A value for every option that it has.</param>
public sealed record ScheduleDefinition(string Name, OptionValues Options) : ConfiguredDefinition(Name, Options);
