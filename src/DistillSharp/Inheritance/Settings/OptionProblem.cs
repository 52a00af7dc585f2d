namespace DistillSharp.Inheritance;

/// <summary>Something that an analysis cannot do in a setting.</summary>
/// <param name="Option">The option that is wrong; null where it is the analysis as such.</param>
/// <param name="Message">A sentence or two: what was expected, what was found, what to do.</param>
public sealed record OptionProblem(string? Option, string Message);
