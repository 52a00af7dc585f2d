using DistillSharp.Configuration;

namespace DistillSharp.Data.Derived;

/// <summary>
/// Images in planted groups: each image once, in one of seven styles that is drawn at random, whatever its class, for training and test images alike.
/// A synthetic stand-in for the groups of people of Ojha et al. 2023, section 5.2: a group means how an image looks, and nothing else.
/// </summary>
public sealed class PlantedGroups : DerivedDataset
{
    /// <summary>The attribute that names an image's group.</summary>
    public const string Attribute = "group";

    private const string Groups = "groups";
    private const string Classes = "classes";
    private const string All = "all";
    private const string Tops = "tops";
    private static readonly string[] TopNames = ["T-shirt/top", "Pullover", "Coat", "Shirt"];
    private static readonly string[] BinaryNames = ["other", "top"];

    private PlantedGroups()
        : base(
            "planted-groups",
            "Fashion-MNIST in seven planted (synthetic) groups: each image in one of seven styles, drawn at random whatever its class.",
            version: 1,
            FashionMnist.Source,
            [
                new OptionSpec(Groups, OptionKind.TextList, GroupStyles.Names, $"The groups that there are, each as likely as the others, of {string.Join(", ", GroupStyles.Names)}"),
                new OptionSpec(Classes, OptionKind.Text, All, $"all: the classes as they are; tops: {string.Join(", ", TopNames)} against all others", Choices: [All, Tops]),
            ])
    {
    }

    /// <summary>How to find and make them.</summary>
    public static PlantedGroups Source { get; } = new();

    private protected override DerivedImages Make(ImageDataset from, ImageDraws draws, bool isTest, OptionValues options)
    {
        IReadOnlyList<int> groups = Choices.Of(Groups, "group", options.Texts(Groups), GroupStyles.Names);
        if (from.Height != from.Width)
        {
            throw new ArgumentException($"Groups are planted in square images, found {from.Height} x {from.Width} in {from.Name}.");
        }

        // A group's name decides how its images are drawn, so an image of a group looks the same whatever other groups there are.
        var styles = GroupStyles.Names.Select(n => draws.For(n)).ToArray();
        ImageDraws group = draws.For(Attribute);
        int[] values = [.. Enumerable.Range(0, from.Count).Select(i => groups[group.Image(i).NextInt32(groups.Count)])];
        int side = from.Width;
        (long[] labels, IReadOnlyList<string> names) = Labels(from, options.Text(Classes));
        return new DerivedImages(
            ImagePainter.Paint(from, values, 1, (image, index, style, made) => GroupStyles.Paint(style, image, side, styles[style].Image(index), made)),
            labels,
            names,
            new ImageAttribute(Attribute, GroupStyles.Names, values));
    }

    private static (long[] Labels, IReadOnlyList<string> Names) Labels(ImageDataset from, string classes)
    {
        long[] labels = from.HostLabels.ToArray();
        if (classes == All)
        {
            return (labels, from.ClassNames);
        }

        return TopNames.All(from.ClassNames.Contains)
            ? (Array.ConvertAll(labels, l => TopNames.Contains(from.ClassNames[(int)l]) ? 1L : 0), BinaryNames)
            : throw new ArgumentException($"The option '{Classes}' takes '{Tops}' where there are the classes {string.Join(", ", TopNames)}, as in fashion-mnist; found {string.Join(", ", from.ClassNames)}.");
    }
}
