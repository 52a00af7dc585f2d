using DistillSharp.Configuration;
using DistillSharp.Data;

namespace DistillSharp.Studies;

/// <summary>The kinds of data that students can be distilled on; <c>students.data</c> in a study.</summary>
public static class TransferKinds
{
    /// <summary>The teacher's own training images with their labels.</summary>
    public const string Own = "own";

    /// <summary>Further images without labels beside the teacher's own.</summary>
    public const string Extra = "extra";

    /// <summary>Every image mixed with another of its batch, by an even weight; the teacher answers the mixed image.</summary>
    public const string Mixup = "mixup";

    /// <summary>Images of noise.</summary>
    public const string Noise = "noise";

    /// <summary>Another data set in the place of the teacher's.</summary>
    public const string Other = "other";

    /// <summary>Teacher and students each have one half of the training images; the halves share none.</summary>
    public const string Halves = "halves";

    private static readonly OptionSpec Set = new("set", OptionKind.Text, null, "The other data set; where left out, the training images that the study does not train on", Choices: DatasetCatalog.Names);
    private static readonly OptionSpec Path = new("path", OptionKind.Text, null, "The folder with the other data set's files; the usual place where left out");

    /// <summary>Every kind with its options.</summary>
    public static IReadOnlyList<CatalogEntry> All { get; } =
    [
        new(Own, []),
        new(Extra, [new OptionSpec("images", OptionKind.Integer, null, "How many images; all there are where left out", Minimum: 1), Set, Path]),
        new(Mixup, []),
        new(Noise, [new OptionSpec("images", OptionKind.Integer, null, "How many images; as many as there are training images where left out", Minimum: 1)]),
        new(Other, [Set with { Description = "The other data set", Required = true }, Path]),
        new(Halves, []),
    ];

    /// <summary>True where at least some images have no label.</summary>
    public static bool IsUnlabelled(string kind) => kind is Extra or Mixup or Noise or Other;

    /// <summary>True where no image has a label.</summary>
    public static bool HasNoLabels(string kind) => kind is Mixup or Noise or Other;
}
