using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>One model, method, optimiser, schedule or analysis that a study can name.</summary>
/// <param name="Name">Its name in YAML, kebab-case.</param>
/// <param name="Options">The options it takes, each with kind, default and range.</param>
/// <param name="NeedsTeacher">True for a method or an analysis that is impossible without a teacher.</param>
/// <param name="NeedsLabels">Whether a method with these options needs the label of every image; null where it never does.</param>
public sealed record CatalogEntry(string Name, IReadOnlyList<OptionSpec> Options, bool NeedsTeacher = false, Func<OptionValues, bool>? NeedsLabels = null);
