namespace DistillSharp.Studies;

/// <summary>One of two studies that are compared.</summary>
/// <param name="Folder">Its results folder, as it was given.</param>
/// <param name="Name">The study's name.</param>
/// <param name="Seeds">The students' seeds.</param>
public sealed record ComparedStudy(string Folder, string Name, IReadOnlyList<int> Seeds);
