namespace DistillSharp.Data;

/// <summary>Where a data set is, or why it was not found.</summary>
/// <param name="Folder">The folder that holds it; null where none does.</param>
/// <param name="Explanation">Where it was found; or everywhere that was looked, what was missing there, and how to install it.</param>
public sealed record DatasetLocation(string? Folder, string Explanation)
{
    /// <summary>True where the data set is there.</summary>
    public bool IsFound => Folder is not null;
}
