using DistillSharp.Configuration;

namespace DistillSharp.Data.Listed;

/// <summary>
/// Pictures in <c>DOMAIN/CLASS/</c>, as PACS and VLCS come: some domains are held out as the test set, the others are trained on.
/// Every image has the attribute <c>domain</c>.
/// </summary>
public sealed class DomainFolders : ListedImageSource
{
    /// <summary>The attribute that names an image's domain.</summary>
    public const string Attribute = "domain";

    private const string HeldOut = "held-out";

    private DomainFolders()
        : base(
            "domains",
            "JPEG and PNG files in DOMAIN/CLASS, as PACS and VLCS come, in the folder given as path; whole domains are held out as the test set.",
            "Give the folder that holds one folder for each domain as the path.",
            [new OptionSpec(HeldOut, OptionKind.TextList, null, "The domains that are the test set; all others are trained on", Required: true)])
    {
    }

    /// <summary>How to find and load them.</summary>
    public static DomainFolders Source { get; } = new();

    private protected override string? Missing(string folder) =>
        ClassFolders.In(folder).Count < 2 ? "fewer than two folders, one for each domain" : null;

    private protected override ImageListing List(string folder, OptionValues options)
    {
        IReadOnlyList<string> domains = ClassFolders.In(folder);
        IReadOnlyList<string> heldOut = options.Texts(HeldOut);
        foreach (string domain in heldOut.Where(d => !domains.Contains(d)))
        {
            throw new ArgumentException(NearestName.Explain($"domain in {folder}", domain, domains));
        }

        List<string> trained = [.. domains.Except(heldOut)];
        if (heldOut.Count == 0 || trained.Count == 0)
        {
            throw new ArgumentException($"The option '{HeldOut}' names at least one of the {domains.Count} domains in {folder} and leaves one to train on, found [{string.Join(", ", heldOut)}].");
        }

        IReadOnlyList<string> classes = ClassesOf(trained);
        if (ClassesOf(heldOut).Except(classes).FirstOrDefault() is { } unseen)
        {
            throw new DataFormatException(folder, "class folders", "in a domain that is held out only classes that a domain to train on has too", $"'{unseen}'");
        }

        return new ImageListing(folder, [.. Images(trained)], [.. Images(heldOut.Distinct().Order(StringComparer.Ordinal))], classes)
        {
            Attributes = [new ListedAttribute(Attribute, domains)],
        };

        List<string> ClassesOf(IEnumerable<string> some) =>
            [.. some.SelectMany(d => ClassFolders.In(Path.Combine(folder, d))).Distinct().Order(StringComparer.Ordinal)];

        IEnumerable<ListedImage> Images(IEnumerable<string> some) =>
            some.SelectMany(d => ClassFolders.List(folder, d, classes, [domains.ToList().IndexOf(d)]));
    }
}
