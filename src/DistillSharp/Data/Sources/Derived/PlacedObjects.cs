using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Data.Derived;

/// <summary>
/// Images whose object's place is known exactly: clothes or digits, made smaller and put at random places of a larger picture, over fragments of
/// other images of the same part (after the cluttered digits of Mnih et al., NeurIPS 2014).
/// </summary>
public sealed class PlacedObjects : DerivedDataset
{
    /// <summary>The attribute that says of which classes the fragments in an image's background are.</summary>
    public const string Attribute = "background";

    private const string Canvas = "canvas";
    private const string ObjectSide = "object";
    private const string Fragments = "fragments";
    private const string OwnClass = "own-class";
    private const string TestOwnClass = "test-own-class";
    private static readonly string[] Backgrounds = ["any-class", "own-class"];

    private PlacedObjects()
        : base(
            "placed-objects",
            "Clothes or digits at random places of a larger picture, among fragments of others, each with the box of its object.",
            version: 1,
            FashionMnist.Source,
            [
                new OptionSpec(Canvas, OptionKind.Integer, 40L, "Side of the square images in pixels", Minimum: 16, Maximum: 128),
                new OptionSpec(ObjectSide, OptionKind.Integer, 20L, "Side in pixels that an image is scaled to, at most that of the canvas", Minimum: 8, Maximum: 128),
                new OptionSpec(Fragments, OptionKind.Integer, 6L, "How many fragments of other images lie in the background, each of two fifths of the object's side", Minimum: 0, Maximum: 100),
                new OptionSpec(OwnClass, OptionKind.Number, 0.0, $"The share of images whose fragments are all of the image's own class, so that what is around the object tells its class too; see the attribute '{Attribute}'", Minimum: 0, Maximum: 1),
                new OptionSpec(TestOwnClass, OptionKind.Number, null, $"The same for test images; that of '{OwnClass}' where left out", Minimum: 0, Maximum: 1),
            ])
    {
    }

    /// <summary>How to find and make them.</summary>
    public static PlacedObjects Source { get; } = new();

    private protected override DerivedImages Make(ImageDataset from, ImageDraws draws, bool isTest, OptionValues options)
    {
        var layout = new PlacedLayout(options.Integer(Canvas), options.Integer(ObjectSide), options.Integer(Fragments), draws);
        if (layout.Object > layout.Canvas)
        {
            throw new ArgumentException(FormattableString.Invariant($"The option '{ObjectSide}' is at most the side of the picture, '{Canvas}' ({layout.Canvas}); found {layout.Object}."));
        }

        ImageDraws kind = draws.For(Attribute);
        double share = options.Number(isTest && options.Has(TestOwnClass) ? TestOwnClass : OwnClass);
        int[] kinds = [.. Enumerable.Range(0, from.Count).Select(i => kind.Image(i).NextDouble() < share ? 1 : 0)];
        (byte[] pixels, ImageBox?[] boxes) = layout.Place(from, Array.ConvertAll(kinds, k => k == 1));
        return new DerivedImages(
            Tensor.From(pixels, from.Count, 1, layout.Canvas, layout.Canvas), from.HostLabels.ToArray(), from.ClassNames, new ImageAttribute(Attribute, Backgrounds, kinds))
        {
            Boxes = boxes,
        };
    }
}
