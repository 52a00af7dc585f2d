using DistillSharp.Configuration;
using DistillSharp.Data.Derived;
using DistillSharp.Data.Listed;
using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>The data sets that a study can name.</summary>
public static class DatasetCatalog
{
    /// <summary>Every data set, in the order to list them.</summary>
    public static IReadOnlyList<IDatasetSource> Sources { get; } =
    [
        FashionMnist.Source,
        Mnist.Source,
        Cifar.Cifar10,
        Cifar.Cifar100,
        IdxDataset.Any,
        ImageFolders.Source,
        DomainFolders.Source,
        CsvImages.Source,
        MnistDomains.Source,
        PlantedGroups.Source,
        RandomTextures.Source,
        PlacedObjects.Source,
    ];

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = Sources.Select(s => s.Name).ToArray();

    /// <summary>The data set of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message gives the nearest names.</exception>
    public static IDatasetSource Get(string name) =>
        Sources.FirstOrDefault(s => s.Name == name) ?? throw new ArgumentException(NearestName.Explain("data set", name, Names), nameof(name));

    /// <summary>Looks for the data; reads none. A name that does not exist is explained too, not thrown.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="path">The only folder to look in; null for the usual places.</param>
    public static DatasetLocation Find(string name, string? path = null) =>
        Sources.FirstOrDefault(s => s.Name == name)?.Find(path) ?? new DatasetLocation(null, NearestName.Explain("data set", name, Names));

    /// <summary>Reads and checks the data.</summary>
    /// <param name="data">The data set's name, with options where it has some: <c>new Choice("image-folder") { ["size"] = 32 }</c>.</param>
    /// <param name="path">The only folder to look in; null for the usual places.</param>
    /// <param name="device">Where to put the images; the CPU by default.</param>
    /// <exception cref="ArgumentException">There is no data set of that name, or an option is wrong.</exception>
    /// <exception cref="FileNotFoundException">The data are not there; the message says where was looked and how to install them.</exception>
    /// <exception cref="DataFormatException">A file is not what it must be.</exception>
    public static TrainTestData Load(Choice data, string? path = null, Device? device = null)
    {
        IDatasetSource source = Get(data.Name);
        return source.Load(path, device, data.Values(source.Options));
    }
}
