namespace DistillSharp.Data.Listed;

/// <summary>Walks folders whose names are classes. Hidden entries and what other programs leave behind are not seen.</summary>
internal static class ClassFolders
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png"];

    // Read by no one here, but meant as images: they are listed so that they are named, not lost in silence.
    private static readonly string[] OtherExtensions = [".jpe", ".jfif", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".heic", ".avif"];

    private static readonly string[] Leftovers = ["__MACOSX", "@eaDir", "lost+found", "$RECYCLE.BIN"];

    /// <summary>The names of the folders in a folder, in ordinal order; links to folders are followed.</summary>
    public static IReadOnlyList<string> In(string folder) => Directory.EnumerateDirectories(folder)
        .Select(f => Path.GetFileName(f)!)
        .Where(IsSeen)
        .Order(StringComparer.Ordinal)
        .ToList();

    /// <summary>The image files of a class, at any depth, as names below <paramref name="root"/> with slashes, in ordinal order.</summary>
    /// <remarks>Links to files are followed; links to folders below the class's own are not, so that there is always an end.</remarks>
    public static IReadOnlyList<string> Images(string root, string classFolder)
    {
        var names = new List<string>();
        var folders = new Stack<string>([classFolder]);
        while (folders.TryPop(out string? folder))
        {
            foreach (FileSystemInfo entry in new DirectoryInfo(Path.Combine(root, folder)).EnumerateFileSystemInfos().Where(e => IsSeen(e.Name)))
            {
                string name = $"{folder}/{entry.Name}";
                if (entry is FileInfo && IsImage(entry.Name))
                {
                    names.Add(name);
                }
                else if (entry is DirectoryInfo && entry.LinkTarget is null)
                {
                    folders.Push(name);
                }
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The images of some classes.</summary>
    /// <param name="root">The data's folder.</param>
    /// <param name="part">The folder with the class folders, below it.</param>
    /// <param name="classes">The names of the classes; where there is no folder of that name, there are no images.</param>
    /// <param name="attributes">What is known of all of them.</param>
    public static IEnumerable<ListedImage> List(string root, string part, IReadOnlyList<string> classes, int[] attributes)
    {
        for (int label = 0; label < classes.Count; label++)
        {
            if (Directory.Exists(Path.Combine(root, part, classes[label])))
            {
                foreach (string name in Images(root, $"{part}/{classes[label]}"))
                {
                    yield return new ListedImage(name, label, attributes);
                }
            }
        }
    }

    private static bool IsSeen(string name) => !name.StartsWith('.') && !Leftovers.Contains(name);

    private static bool IsImage(string name)
    {
        string extension = Path.GetExtension(name).ToLowerInvariant();
        return Extensions.Contains(extension) || OtherExtensions.Contains(extension);
    }
}
