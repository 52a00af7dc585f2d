using System.Security.Cryptography;
using System.Text;
using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>
/// Images whose object's place is known exactly: clothes or digits of another data set, made smaller and put at random places of a larger
/// picture, over fragments of other images of the same set (after the cluttered digits of Mnih et al., NeurIPS 2014).
/// The same bytes on every machine.
/// </summary>
public sealed class PlacedObjects : IDatasetSource
{
    private const string Of = "of";
    private const string Canvas = "canvas";
    private const string ObjectSide = "object";
    private const string Fragments = "fragments";
    private const string Seed = "seed";

    // Raised whenever the same options would give other images than before.
    private const int RecipeVersion = 1;
    private const int FingerprintLength = 32;

    private static readonly IReadOnlyList<IDatasetSource> Bases = [FashionMnist.Source, Mnist.Source];

    private PlacedObjects()
    {
    }

    /// <summary>How to find and load them.</summary>
    public static PlacedObjects Source { get; } = new();

    /// <inheritdoc/>
    public string Name => "placed-objects";

    /// <inheritdoc/>
    public string Description => "Clothes or digits at random places of a larger picture, among fragments of others, each with the box of its object; made from another data set.";

    /// <inheritdoc/>
    public IReadOnlyList<OptionSpec> Options { get; } =
    [
        new(Of, OptionKind.Text, FashionMnist.Source.Name, "The data set whose images are the objects", Choices: [.. Bases.Select(b => b.Name)]),
        new(Canvas, OptionKind.Integer, 40L, "Side of the square images in pixels", Minimum: 16, Maximum: 128),
        new(ObjectSide, OptionKind.Integer, 20L, "Side in pixels that an image of the base is scaled to; at most the canvas", Minimum: 8, Maximum: 128),
        new(Fragments, OptionKind.Integer, 6L, "How many fragments of other images lie in the background, each of two fifths of the object's side", Minimum: 0, Maximum: 100),
        new(Seed, OptionKind.Integer, 0L, "Seed of places and fragments", Minimum: 0),
    ];

    /// <inheritdoc/>
    public bool HasUsualPlace => true;

    /// <inheritdoc/>
    public DatasetLocation Find(string? path = null)
    {
        DatasetLocation[] found = [.. Bases.Select(b => b.Find(path))];
        return found.FirstOrDefault(l => l.IsFound) ?? new DatasetLocation(null, string.Join(" ", found.Select(l => l.Explanation)));
    }

    /// <inheritdoc/>
    public TrainTestData Load(string? path = null, Device? device = null, OptionValues? options = null)
    {
        OptionValues values = options ?? new OptionValues(Options);
        var layout = new PlacedLayout(values.Integer(Canvas), values.Integer(ObjectSide), values.Integer(Fragments), new SeedStream((ulong)values.Integer(Seed)));
        layout.Check();
        IDatasetSource source = Bases.FirstOrDefault(b => b.Name == values.Text(Of))
            ?? throw new ArgumentException(NearestName.Explain("data set", values.Text(Of), Bases.Select(b => b.Name)), nameof(options));
        using TrainTestData objects = source.Load(path);
        (ImageDataset train, Normalization normalization) = Make(objects.Train, "train");
        try
        {
            return new TrainTestData(train, Make(objects.Test, "test").Data, normalization, Fingerprint(objects.Fingerprint, values));
        }
        catch
        {
            train.Dispose();
            throw;
        }

        (ImageDataset Data, Normalization Statistics) Make(ImageDataset from, string part)
        {
            (byte[] pixels, ImageBox?[] boxes) = layout.Place(from, part);
            int side = layout.Canvas;
            return (ImageDataset.From(Name, pixels, 1, side, side, from.HostLabels, from.ClassNames, device, boxes: boxes), Normalization.Of(pixels, 1, side * side));
        }
    }

    private static string Fingerprint(string objects, OptionValues options)
    {
        string recipe = FormattableString.Invariant($"placed-objects {RecipeVersion}\0{objects}\0{options.ToCanonicalText()}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(recipe)))[..FingerprintLength];
    }
}
