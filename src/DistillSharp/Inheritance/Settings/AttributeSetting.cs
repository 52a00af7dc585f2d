namespace DistillSharp.Inheritance;

/// <summary>An attribute of test images, e.g. their domain.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Values">Each value's name with the number of test images that have it.</param>
public sealed record AttributeSetting(string Name, IReadOnlyList<(string Name, int TestImages)> Values);
