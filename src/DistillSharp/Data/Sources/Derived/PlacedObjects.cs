using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Data.Derived;

/// <summary>
/// Images whose object's place is known exactly: clothes or digits, made smaller and put at random places of a larger picture, over fragments of
/// other images of the same part (after the cluttered digits of Mnih et al., NeurIPS 2014).
/// </summary>
public sealed class PlacedObjects : DerivedDataset
{
    private const string Canvas = "canvas";
    private const string ObjectSide = "object";
    private const string Fragments = "fragments";

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

        (byte[] pixels, ImageBox?[] boxes) = layout.Place(from);
        return new DerivedImages(Tensor.From(pixels, from.Count, 1, layout.Canvas, layout.Canvas), from.HostLabels.ToArray(), from.ClassNames, Attribute: null) { Boxes = boxes };
    }
}
