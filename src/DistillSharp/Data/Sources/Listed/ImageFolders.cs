using DistillSharp.Configuration;

namespace DistillSharp.Data.Listed;

/// <summary>Pictures in <c>train/CLASS/</c> and <c>test/CLASS/</c> (or <c>val/CLASS/</c> where there is no <c>test</c>).</summary>
public sealed class ImageFolders : ListedImageSource
{
    private const int NamedClasses = 10;

    private ImageFolders()
        : base("image-folder", "JPEG and PNG files in train/CLASS and test/CLASS (or val/CLASS), in the folder given as path.", "Give the folder that holds 'train' and 'test' as the path.", [])
    {
    }

    /// <summary>How to find and load them.</summary>
    public static ImageFolders Source { get; } = new();

    private protected override string? Missing(string folder) =>
        !Directory.Exists(Path.Combine(folder, "train")) ? "no folder 'train'" : TestFolder(folder) is null ? "no folder 'test' or 'val'" : null;

    private protected override ImageListing List(string folder, OptionValues options)
    {
        string test = TestFolder(folder)!;
        IReadOnlyList<string> classes = ClassFolders.In(Path.Combine(folder, "train"));
        if (classes.Count == 0)
        {
            throw new DataFormatException(folder, "folder 'train'", "a folder for each class", "no folder in it");
        }

        IReadOnlyList<string> testClasses = ClassFolders.In(Path.Combine(folder, test));
        if (!classes.SequenceEqual(testClasses))
        {
            throw new DataFormatException(folder, "class folders", $"the same in 'train' and '{test}'", Differences(classes, testClasses, test));
        }

        ListedImage[] trainImages = [.. ClassFolders.List(folder, "train", classes, [])];
        return new ImageListing(folder, trainImages, [.. ClassFolders.List(folder, test, classes, [])], classes);
    }

    private static string? TestFolder(string folder) => new[] { "test", "val" }.FirstOrDefault(name => Directory.Exists(Path.Combine(folder, name)));

    private static string Differences(IReadOnlyList<string> train, IReadOnlyList<string> test, string testName)
    {
        string[] parts = [Only("train", train.Except(test)), Only(testName, test.Except(train))];
        return string.Join("; ", parts.Where(p => p.Length > 0));

        static string Only(string part, IEnumerable<string> names)
        {
            List<string> all = [.. names];
            string more = all.Count > NamedClasses ? $" and {all.Count - NamedClasses} more" : "";
            return all.Count == 0 ? "" : $"only in '{part}': {string.Join(", ", all.Take(NamedClasses))}{more}";
        }
    }
}
