using DistillSharp.Configuration;
using DistillSharp.Data.Pictures;
using DistillSharp.Torch;

namespace DistillSharp.Data.Listed;

/// <summary>A data set of picture files in a folder that must be given; what follows from it says which files, and of which class.</summary>
public abstract class ListedImageSource : IDatasetSource
{
    private readonly string _hint;

    private protected ListedImageSource(string name, string description, string hint, IReadOnlyList<OptionSpec> options)
    {
        (Name, Description, _hint) = (name, description, hint);
        Options = [.. options, .. PictureOptions.Specs];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<OptionSpec> Options { get; }

    /// <inheritdoc/>
    public bool HasUsualPlace => false;

    /// <inheritdoc/>
    public DatasetLocation Find(string? path = null)
    {
        return DatasetPlaces.Search<string>(Name, path is null ? [] : [path], _hint, Look).Location;

        string? Look(string folder, out string missing)
        {
            missing = Directory.Exists(folder) ? Missing(folder) ?? "" : File.Exists(folder) ? "a file, not a folder" : "no such folder";
            return missing.Length == 0 ? folder : null;
        }
    }

    /// <inheritdoc/>
    public TrainTestData Load(string? path = null, Device? device = null, OptionValues? options = null) => Load(path, device, options, threads: null);

    internal TrainTestData Load(string? path, Device? device, OptionValues? options, int? threads)
    {
        OptionValues values = options ?? new OptionValues(Options);
        values.Require($"The data set '{Name}'", Options);
        var pictures = PictureOptions.From(values);
        DatasetLocation location = Find(path);
        string folder = location.Folder ?? throw new FileNotFoundException(location.Explanation);
        return new ListedImagesLoader(Name, List(folder, values), pictures, threads).Load(device);
    }

    /// <summary>What a folder that exists lacks; null where it may hold the data.</summary>
    private protected abstract string? Missing(string folder);

    /// <summary>The files.</summary>
    /// <exception cref="DataFormatException">Folders or lists are not as they must be.</exception>
    private protected abstract ImageListing List(string folder, OptionValues options);
}
