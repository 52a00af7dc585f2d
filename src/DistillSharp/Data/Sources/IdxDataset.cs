using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>
/// A data set in four idx files named as MNIST's: <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>,
/// <c>t10k-images-idx3-ubyte</c>, <c>t10k-labels-idx1-ubyte</c>, each also with <c>.idx</c> for <c>-idx</c> and with <c>.gz</c>.
/// </summary>
/// <remarks>
/// Images are [N, H, W], or, as <c>idx4</c>, [N, C, H, W] or [N, H, W, C] with 1 or 3 channels: whichever of the two
/// sizes can be a number of channels tells which.
/// </remarks>
public sealed class IdxDataset : IDatasetSource
{
    /// <summary>Any data set in this form, in the folder that is given: any number of classes, named by their numbers; no checksums; statistics computed.</summary>
    public static IdxDataset Any { get; } = new("idx", "Any images in four idx files named as MNIST's, in the folder given as path.")
    {
        InstallHint = "Give the folder with the four files as the path.",
        Options = [IdxAttributes.Spec],
    };

    /// <summary>Describes a data set.</summary>
    /// <param name="name">The name in studies, kebab-case.</param>
    /// <param name="description">What it is, in one sentence.</param>
    public IdxDataset(string name, string description) => (Name, Description) = (name, description);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<OptionSpec> Options { get; private init; } = [];

    /// <inheritdoc/>
    public bool HasUsualPlace => UsualFolders is not null;

    /// <summary>How to get the data, one sentence; part of the explanation where they are not found.</summary>
    public string InstallHint { get; init; } = "";

    /// <summary>The classes' names; null to name them 0, 1, ... up to the largest training label.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>The published statistics; null to compute them from the training images.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>What the files must contain; null for anything.</summary>
    public IdxChecksums? Checksums { get; init; }

    /// <summary>An environment variable that may name the folder, looked at before all else; null for none.</summary>
    public string? FolderVariable { get; init; }

    /// <summary>
    /// Usual folders to look in after <c>$DISTILLSHARP_DATA/NAME</c> and before <c>~/.local/share/distillsharp/NAME</c>;
    /// relative ones below the working folder. Null for a data set without usual places: its path must be given.
    /// </summary>
    public IReadOnlyList<string>? UsualFolders { get; init; }

    /// <inheritdoc/>
    public DatasetLocation Find(string? path = null) => Search(path).Location;

    /// <inheritdoc/>
    public TrainTestData Load(string? path = null, Device? device = null, OptionValues? options = null)
    {
        (DatasetLocation location, IdxFolder? files) = Search(path);
        if (files is null)
        {
            throw new FileNotFoundException(location.Explanation);
        }

        (IdxFile trainImages, string trainImagesMd5) = Read(files.TrainImages, Checksums?.TrainImages);
        (IdxFile trainLabels, string trainLabelsMd5) = Read(files.TrainLabels, Checksums?.TrainLabels);
        (IdxFile testImages, string testImagesMd5) = Read(files.TestImages, Checksums?.TestImages);
        (IdxFile testLabels, string testLabelsMd5) = Read(files.TestLabels, Checksums?.TestLabels);
        var checksums = new IdxChecksums(trainImagesMd5, trainLabelsMd5, testImagesMd5, testLabelsMd5);
        IReadOnlyList<string> classNames = ClassNames ?? Numbers(trainLabels.Data.Length == 0 ? 0 : trainLabels.Data.Max() + 1);
        IdxAttributes attributes = IdxAttributes.Read(location.Folder!, options);
        ImageDataset? train = null, test = null;
        try
        {
            train = Build(trainImages, trainLabels, classNames, attributes.Train, device, out Normalization statistics);
            test = Build(testImages, testLabels, classNames, attributes.Test, device, out _);
            CheckSameSize(train, test, testImages);
            return new TrainTestData(train, test, Normalization ?? statistics, attributes.AddTo(checksums.Fingerprint));
        }
        catch
        {
            train?.Dispose();
            test?.Dispose();
            throw;
        }
    }

    private static (IdxFile File, string Md5) Read(string path, string? expected)
    {
        IdxFile file = IdxFile.Read(path);
        string found = file.UnpackedMd5();
        if (expected is not null && found != expected)
        {
            throw new DataFormatException(path, "unpacked content", $"md5 {expected} (another file, or a damaged one, bears this name; get it again)", found);
        }

        return (file, found);
    }

    private static string[] Numbers(int count) => Enumerable.Range(0, count).Select(c => c.ToString()).ToArray();

    private static void CheckSameSize(ImageDataset train, ImageDataset test, IdxFile testImages)
    {
        (int, int, int) wanted = (train.Channels, train.Height, train.Width);
        (int, int, int) found = (test.Channels, test.Height, test.Width);
        if (wanted != found)
        {
            throw new DataFormatException(testImages.Path, "size of the images (channels, height, width)", $"{wanted}, as the training images have", $"{found}");
        }
    }

    private ImageDataset Build(IdxFile images, IdxFile labels, IReadOnlyList<string> classNames, IReadOnlyList<ImageAttribute> attributes, Device? device, out Normalization statistics)
    {
        if (labels.Dimensions.Count != 1)
        {
            throw new DataFormatException(labels.Path, "offset 3 (number of dimensions)", "1, one label an image", labels.Dimensions.Count.ToString());
        }

        (int channels, int height, int width, byte[] pixels) = Planes(images);
        long[] classes = Array.ConvertAll(labels.Data, b => (long)b);
        var dataset = ImageDataset.From(Name, pixels, channels, height, width, classes, classNames, device, images.Path, labels.Path, attributes);
        statistics = Data.Normalization.Of(pixels, channels, height * width);
        return dataset;
    }

    private static (int Channels, int Height, int Width, byte[] Pixels) Planes(IdxFile images)
    {
        IReadOnlyList<int> d = images.Dimensions;
        return (d.Count, IsChannels(d, 1), IsChannels(d, 3)) switch
        {
            (3, _, _) => (1, d[1], d[2], images.Data),
            (4, true, false) => (d[1], d[2], d[3], images.Data),
            (4, false, true) => (d[3], d[1], d[2], ChannelsFirst(images.Data, d[1] * d[2], d[3])),
            (4, _, _) => throw new DataFormatException(images.Path, "sizes of the dimensions", "[N, C, H, W] or [N, H, W, C] with C being 1 or 3, and only one of the two possible", $"[{string.Join(", ", d)}]"),
            _ => throw new DataFormatException(images.Path, "offset 3 (number of dimensions)", "3 ([N, H, W]) or 4 (with channels)", d.Count.ToString()),
        };
    }

    private static bool IsChannels(IReadOnlyList<int> dimensions, int index) => index < dimensions.Count && dimensions[index] is 1 or 3;

    private static byte[] ChannelsFirst(byte[] interleaved, int pixels, int channels)
    {
        var planes = new byte[interleaved.Length];
        int size = pixels * channels;
        for (int image = 0; image < interleaved.Length; image += size)
        {
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    planes[image + (channel * pixels) + pixel] = interleaved[image + (pixel * channels) + channel];
                }
            }
        }

        return planes;
    }

    private (DatasetLocation Location, IdxFolder? Files) Search(string? path) =>
        DatasetPlaces.Search<IdxFolder>(Name, path is not null ? [path] : UsualPlaces(), InstallHint, IdxFolder.Find);

    private IEnumerable<string> UsualPlaces() => UsualFolders is null ? [] : DatasetPlaces.Usual(Name, FolderVariable, UsualFolders);
}
