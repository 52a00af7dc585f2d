namespace DistillSharp.Data;

/// <summary>One of the numbers that stand before each image.</summary>
/// <param name="Name">What the option <c>labels</c> calls it.</param>
/// <param name="NamesFile">The file with the names of its values, which is read where it is there.</param>
/// <param name="Names">The names of its values where it is not.</param>
public sealed record CifarLabel(string Name, string NamesFile, IReadOnlyList<string> Names);
