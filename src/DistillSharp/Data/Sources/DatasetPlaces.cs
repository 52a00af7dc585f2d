namespace DistillSharp.Data;

/// <summary>The folders in which a data set is looked for.</summary>
internal static class DatasetPlaces
{
    /// <summary>What tells whether a folder holds the data.</summary>
    /// <param name="folder">The folder, absolute.</param>
    /// <param name="missing">What is missing there.</param>
    /// <returns>The files; null where some are missing.</returns>
    public delegate T? Look<T>(string folder, out string missing)
        where T : class;

    /// <summary>Looks in one folder after another.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="folders">Where to look.</param>
    /// <param name="hint">How to get the data, for the explanation.</param>
    /// <param name="look">Tells whether a folder holds them.</param>
    public static (DatasetLocation Location, T? Files) Search<T>(string name, IEnumerable<string> folders, string hint, Look<T> look)
        where T : class
    {
        var looked = new List<string>();
        foreach (string folder in folders)
        {
            string full = Path.GetFullPath(folder);
            if (look(full, out string missing) is { } files)
            {
                return (new DatasetLocation(full, $"{name} is in {full}."), files);
            }

            looked.Add($"{full} ({missing})");
        }

        string places = looked.Count > 0 ? $" Looked in {string.Join("; ", looked)}." : "";
        return (new DatasetLocation(null, $"The data set '{name}' was not found.{places} {hint}".TrimEnd()), null);
    }

    /// <summary>Where a data set of that name usually is.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="folderVariable">An environment variable that may name the folder; null for none.</param>
    /// <param name="usualFolders">Further folders, after <c>$DISTILLSHARP_DATA/NAME</c> and before <c>~/.local/share/distillsharp/NAME</c>.</param>
    public static IEnumerable<string> Usual(string name, string? folderVariable, IEnumerable<string> usualFolders)
    {
        if (folderVariable is not null && Environment.GetEnvironmentVariable(folderVariable) is { Length: > 0 } given)
        {
            yield return given;
        }

        if (Environment.GetEnvironmentVariable("DISTILLSHARP_DATA") is { Length: > 0 } root)
        {
            yield return Path.Combine(root, name);
        }

        foreach (string folder in usualFolders)
        {
            yield return folder;
        }

        yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "distillsharp", name);
    }
}
