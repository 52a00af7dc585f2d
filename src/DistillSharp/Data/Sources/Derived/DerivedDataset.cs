using System.Security.Cryptography;
using System.Text;
using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Data.Derived;

/// <summary>
/// A data set whose images are made from those of another: training images from training images, test images from test images. What is drawn
/// for an image follows from the option <c>seed</c>, the part and the image's index, and only +, -, *, / and whole numbers are
/// used, so the bytes are the same on every machine and with any number of threads.
/// </summary>
public abstract class DerivedDataset : IDatasetSource
{
    /// <summary>The option that names the data set that images are made from.</summary>
    public const string Of = "of";

    /// <summary>The option with the seed of what is drawn for the images.</summary>
    public const string Seed = "seed";

    private const int FingerprintLength = 32;

    private static readonly IReadOnlyList<IdxDataset> Bases = [Mnist.Source, FashionMnist.Source];

    private readonly IdxDataset _usual;
    private readonly int _version;

    /// <summary>Describes a data set.</summary>
    /// <param name="name">The name in studies, kebab-case.</param>
    /// <param name="description">What it is, in one sentence.</param>
    /// <param name="version">To be raised whenever the same options give other images: it is part of the fingerprint.</param>
    /// <param name="usual">What images are made from where nothing else is asked for.</param>
    /// <param name="options">The set's own options.</param>
    private protected DerivedDataset(string name, string description, int version, IdxDataset usual, IReadOnlyList<OptionSpec> options)
    {
        (Name, Description, _version, _usual) = (name, description, version, usual);
        Options =
        [
            new OptionSpec(Of, OptionKind.Text, usual.Name, "The data set that the images are made from", Choices: Bases.Select(b => b.Name).ToArray()),
            .. options,
            new OptionSpec(Seed, OptionKind.Integer, 0L, "What is drawn for the images follows from it", Minimum: 0),
        ];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<OptionSpec> Options { get; }

    /// <inheritdoc/>
    public bool HasUsualPlace => true;

    /// <summary>Looks for the images that these are made from by default.</summary>
    /// <param name="path">The only folder to look in; null for the usual places.</param>
    public DatasetLocation Find(string? path = null) => _usual.Find(path);

    /// <inheritdoc/>
    public TrainTestData Load(string? path = null, Device? device = null, OptionValues? options = null)
    {
        OptionValues values = options ?? new OptionValues(Options);
        using TrainTestData from = Bases.First(b => b.Name == values.Text(Of)).Load(path);
        return Derive(from, values, device);
    }

    /// <summary>Makes the images from any data set of one channel.</summary>
    /// <param name="from">What they are made from; still the caller's.</param>
    /// <param name="options">A value for every option; the defaults where null.</param>
    /// <param name="device">Where to put the images; the CPU by default.</param>
    /// <exception cref="ArgumentException">The images have several channels, or an option does not fit them.</exception>
    public TrainTestData Derive(TrainTestData from, OptionValues? options = null, Device? device = null)
    {
        OptionValues values = options ?? new OptionValues(Options);
        if (from.Train.Channels != 1 || from.Test.Channels != 1)
        {
            throw new ArgumentException($"{Name} is made from grey images of one channel, found {from.Train.Channels} in {from.Train.Name}.", nameof(from));
        }

        using var scope = new TensorScope();
        DerivedImages train = Make(from.Train, Draws(values, part: 0), isTest: false, values);
        Normalization normalization = UsualNormalization(train.Channels) ?? Normalization.Of(train.Images);
        ImageDataset trainSet = Build(train, device);
        try
        {
            ImageDataset testSet = Build(Make(from.Test, Draws(values, part: 1), isTest: true, values), device);
            return new TrainTestData(trainSet, testSet, normalization, Fingerprint(from.Fingerprint, values)) { Notes = from.Notes };
        }
        catch
        {
            trainSet.Dispose();
            throw;
        }
    }

    /// <summary>Makes the images of one part.</summary>
    /// <param name="from">What they are made from, on any device.</param>
    /// <param name="draws">The random numbers of this part.</param>
    /// <param name="isTest">True for the test images.</param>
    /// <param name="options">A value for every option.</param>
    private protected abstract DerivedImages Make(ImageDataset from, ImageDraws draws, bool isTest, OptionValues options);

    /// <summary>What a classifier normalises by; null for the statistics of the training images that were made.</summary>
    private protected virtual Normalization? UsualNormalization(int channels) => null;

    private ImageDraws Draws(OptionValues options, int part) => new(Name, (ulong)options.Integer(Seed), part);

    private ImageDataset Build(DerivedImages made, Device? device)
    {
        Device target = device ?? Device.Cpu;
        return new ImageDataset(Name, made.Images.To(target), Tensor.From(made.Labels).To(target), made.ClassNames, attributes: [made.Attribute], boxes: made.Boxes);
    }

    // Options without a value are left out, so that a further option does not change what there was before.
    private string Fingerprint(string from, OptionValues options)
    {
        string values = string.Join(';', options.Entries.Where(e => e.Value is not null && e.Key != Of).Select(e => $"{e.Key}={OptionValues.Format(e.Value)}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Name} {_version}\n{from}\n{values}")))[..FingerprintLength];
    }
}
