namespace DistillSharp.Data;

/// <summary>A file of a CIFAR data set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Images">How many images it holds.</param>
/// <param name="Sha1">The SHA-1 of its content, in lower-case hexadecimal; null for any content.</param>
public sealed record CifarFile(string Name, int Images, string? Sha1);
