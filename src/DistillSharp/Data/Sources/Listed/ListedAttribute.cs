namespace DistillSharp.Data.Listed;

/// <summary>An attribute that the listing knows of every image.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ValueNames">The name of each value.</param>
internal sealed record ListedAttribute(string Name, IReadOnlyList<string> ValueNames);
