namespace DistillSharp.Data;

/// <summary>A file of a CIFAR data set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Images">How many images it holds.</param>
/// <param name="Sha1">The SHA-1 of its content, in lower-case hexadecimal; null for any content.</param>
public sealed record CifarFile(string Name, int Images, string? Sha1);

/// <summary>One of the numbers that stand before each image.</summary>
/// <param name="Name">What the option <c>labels</c> calls it.</param>
/// <param name="NamesFile">The file with the names of its values, which is read where it is there.</param>
/// <param name="Names">The names of its values where it is not.</param>
public sealed record CifarLabel(string Name, string NamesFile, IReadOnlyList<string> Names);
