using System.Security.Cryptography;
using System.Text;
using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>
/// A data set in CIFAR's binary files: records of one byte a label, then 3 x 32 x 32 bytes, red before green before blue.
/// The pickled files for Python are recognised and refused: reading a pickle can run code.
/// </summary>
/// <param name="name">The name in studies, kebab-case.</param>
/// <param name="description">What it is, in one sentence.</param>
/// <param name="subfolder">The folder that its archive unpacks to; accepted inside the folder that is looked in.</param>
public sealed class CifarDataset(string name, string description, string subfolder) : IDatasetSource
{
    private const int Channels = 3;
    private const int Side = 32;
    private const int ImageLength = Channels * Side * Side;
    private const string LabelsOption = "labels";
    private const long LongestNamesFile = 1 << 16;

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string Description { get; } = description;

    /// <inheritdoc/>
    public IReadOnlyList<OptionSpec> Options => Labels.Count < 2
        ? []
        : [new OptionSpec(LabelsOption, OptionKind.Text, Labels[^1].Name, "Which of the labels are the classes; the others are an attribute of the images", Choices: [.. Labels.Select(l => l.Name)])];

    /// <inheritdoc/>
    public bool HasUsualPlace => true;

    /// <summary>How to get the data, one sentence; part of the explanation where they are not found.</summary>
    public string InstallHint { get; init; } = "";

    /// <summary>The files with training images, in order.</summary>
    public required IReadOnlyList<CifarFile> TrainFiles { get; init; }

    /// <summary>The file with test images.</summary>
    public required CifarFile TestFile { get; init; }

    /// <summary>The labels that stand before each image, in order.</summary>
    public required IReadOnlyList<CifarLabel> Labels { get; init; }

    /// <summary>The published statistics.</summary>
    public required Normalization Normalization { get; init; }

    /// <inheritdoc/>
    public DatasetLocation Find(string? path = null) =>
        DatasetPlaces.Search<string>(Name, path is not null ? [path] : DatasetPlaces.Usual(Name, null, []), InstallHint, Look).Location;

    /// <inheritdoc/>
    public TrainTestData Load(string? path = null, Device? device = null, OptionValues? options = null)
    {
        (DatasetLocation location, string? folder) = DatasetPlaces.Search<string>(Name, path is not null ? [path] : DatasetPlaces.Usual(Name, null, []), InstallHint, Look);
        if (folder is null)
        {
            throw new FileNotFoundException(location.Explanation);
        }

        OptionValues values = options ?? new OptionValues(Options);
        int chosen = Labels.Count < 2 ? 0 : Labels.ToList().FindIndex(l => l.Name == values.Text(LabelsOption));
        if (chosen < 0)
        {
            throw new ArgumentException(NearestName.Explain("kind of labels", values.Text(LabelsOption), Labels.Select(l => l.Name)));
        }

        IReadOnlyList<string>[] names = [.. Labels.Select(l => ReadNames(folder, l))];
        byte[][] training = [.. TrainFiles.Select(f => Read(folder, f))];
        byte[] testing = Read(folder, TestFile);
        ImageDataset? train = null;
        try
        {
            train = Build(training, TrainFiles, folder, names, chosen, device);
            ImageDataset test = Build([testing], [TestFile], folder, names, chosen, device);
            return new TrainTestData(train, test, Normalization, Fingerprint([.. training, testing]));
        }
        catch
        {
            train?.Dispose();
            throw;
        }
    }

    private string? Look(string folder, out string missing)
    {
        missing = Directory.Exists(folder) ? "" : File.Exists(folder) ? "a file, not a folder" : "no such folder";
        if (missing.Length > 0)
        {
            return null;
        }

        foreach (string candidate in new[] { folder, Path.Combine(folder, subfolder) })
        {
            List<string> lacking = TrainFiles.Append(TestFile).Select(f => f.Name).Where(f => !File.Exists(Path.Combine(candidate, f))).ToList();
            if (lacking.Count == 0)
            {
                return candidate;
            }

            if (missing.Length == 0 || lacking.Count <= TrainFiles.Count)
            {
                missing = "no " + string.Join(", ", lacking);
            }
        }

        missing += IsPickled(folder) ? "; it holds the version for Python, which is not read: pickled files can hold code" : "";
        return null;
    }

    // data_batch_1 for data_batch_1.bin: the version for Python has the same names without ending.
    private bool IsPickled(string folder)
    {
        string plain = Path.GetFileNameWithoutExtension(TestFile.Name);
        IEnumerable<string> folders = Directory.EnumerateDirectories(folder).Append(folder);
        return folders.Any(f => File.Exists(Path.Combine(f, plain)) && File.Exists(Path.Combine(f, TrainFiles[0].Name[..^4])));
    }

    private byte[] Read(string folder, CifarFile file)
    {
        string path = Path.Combine(folder, file.Name);
        long wanted = (long)file.Images * (Labels.Count + ImageLength);
        long length = new FileInfo(path).Length;
        if (length != wanted)
        {
            throw new DataFormatException(path, "length", $"{wanted} bytes, {file.Images} images of {Labels.Count + ImageLength} bytes with their labels", $"{length}");
        }

        byte[] content = File.ReadAllBytes(path);
        string found = Convert.ToHexStringLower(SHA1.HashData(content));
        return file.Sha1 is null || found == file.Sha1
            ? content
            : throw new DataFormatException(path, "content", $"SHA-1 {file.Sha1} (another file, or a damaged one, bears this name; get it again)", found);
    }

    private static IReadOnlyList<string> ReadNames(string folder, CifarLabel label)
    {
        string path = Path.Combine(folder, label.NamesFile);
        if (!File.Exists(path))
        {
            return label.Names;
        }

        if (new FileInfo(path).Length > LongestNamesFile)
        {
            throw new DataFormatException(path, "length", $"at most {LongestNamesFile} bytes, one name a line", $"{new FileInfo(path).Length}");
        }

        string[] names = File.ReadAllLines(path).Select(l => l.Trim()).Where(l => l.Length > 0).ToArray();
        return names.Length == label.Names.Count
            ? names
            : throw new DataFormatException(path, "number of lines", $"{label.Names.Count} names, one a line", $"{names.Length}");
    }

    private ImageDataset Build(byte[][] contents, IReadOnlyList<CifarFile> files, string folder, IReadOnlyList<string>[] names, int chosen, Device? device)
    {
        int record = Labels.Count + ImageLength;
        int count = files.Sum(f => f.Images);
        var pixels = new byte[(long)count * ImageLength];
        int[][] labels = [.. Labels.Select(_ => new int[count])];
        int image = 0;
        for (int file = 0; file < contents.Length; file++)
        {
            for (int i = 0; i < files[file].Images; i++, image++)
            {
                ReadOnlySpan<byte> one = contents[file].AsSpan(i * record, record);
                for (int label = 0; label < Labels.Count; label++)
                {
                    labels[label][image] = one[label];
                    if (one[label] >= names[label].Count)
                    {
                        throw new DataFormatException(Path.Combine(folder, files[file].Name), $"offset {((long)i * record) + label} ({Labels[label].Name} of image {i})", $"0 to {names[label].Count - 1}", one[label].ToString());
                    }
                }

                one[Labels.Count..].CopyTo(pixels.AsSpan(image * ImageLength));
            }
        }

        string origin = Path.Combine(folder, files[0].Name);
        ImageAttribute[] others = [.. Enumerable.Range(0, Labels.Count).Where(l => l != chosen).Select(l => new ImageAttribute(Labels[l].Name, names[l], labels[l]))];
        return ImageDataset.From(Name, pixels, Channels, Side, Side, Array.ConvertAll(labels[chosen], l => (long)l), names[chosen], device, origin, origin, others);
    }

    private static string Fingerprint(IEnumerable<byte[]> contents) =>
        Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(string.Concat(contents.Select(c => Convert.ToHexStringLower(SHA1.HashData(c)))))));
}
