namespace DistillSharp.Studies;

/// <summary>A key of the resolved studies with different values.</summary>
/// <param name="Key">The key's path, e.g. <c>teachers[0].model</c> or <c>students.methods.kl.weight</c>.</param>
/// <param name="First">Its value in the first study; null where it has none.</param>
/// <param name="Second">Its value in the second study; null where it has none.</param>
public sealed record StudyDifference(string Key, string? First, string? Second);
