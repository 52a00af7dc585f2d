using DistillSharp.Configuration;

namespace DistillSharp.Data.Listed;

/// <summary>
/// Pictures in <c>DOMAIN/CLASS/</c>, as PACS and VLCS come. Domains that are held out are in the test set alone; of the others a share may be
/// put into the test set, and the rest is trained on. Every image has the attribute <c>domain</c>.
/// </summary>
public sealed class DomainFolders : ListedImageSource
{
    /// <summary>The attribute that names an image's domain.</summary>
    public const string Attribute = "domain";

    private const string HeldOut = "held-out";
    private const string TestShare = "test-share";
    private const ulong TestSeed = 0;

    private DomainFolders()
        : base(
            "domains",
            "JPEG and PNG files in DOMAIN/CLASS, as PACS and VLCS come, in the folder given as path; whole domains, or a share of each, are the test set.",
            "Give the folder that holds one folder for each domain as the path.",
            [
                new OptionSpec(HeldOut, OptionKind.TextList, null, "The domains that are in the test set as a whole; with 'test-share' it may be none: []", Required: true),
                new OptionSpec(TestShare, OptionKind.Number, null, "The share of the images of each class in each other domain that is in the test set too, from 0 to 0.9; none where left out", Minimum: 0, Maximum: 0.9),
            ])
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
        double share = options.Has(TestShare) ? options.Number(TestShare) : 0;
        if ((heldOut.Count == 0 && share == 0) || trained.Count == 0)
        {
            throw new ArgumentException(
                $"The option '{HeldOut}' names at least one of the {domains.Count} domains in {folder} (or none, with '{TestShare}' above 0) and leaves one to train on, found [{string.Join(", ", heldOut)}].");
        }

        IReadOnlyList<string> classes = ClassesOf(trained);
        if (ClassesOf(heldOut).Except(classes).FirstOrDefault() is { } unseen)
        {
            throw new DataFormatException(folder, "class folders", "in a domain that is held out only classes that a domain to train on has too", $"'{unseen}'");
        }

        HashSet<string> tested = [.. Images(trained).GroupBy(i => (i.Attributes[0], i.Label)).SelectMany(g => Drawn(domains[g.Key.Item1], classes[g.Key.Label], [.. g.Select(i => i.Name)], share))];
        return new ImageListing(
            folder,
            [.. Images(trained).Where(i => !tested.Contains(i.Name))],
            [.. Images(domains).Where(i => tested.Contains(i.Name) || heldOut.Contains(domains[i.Attributes[0]]))],
            classes)
        {
            Attributes = [new ListedAttribute(Attribute, domains)],
        };

        List<string> ClassesOf(IEnumerable<string> some) =>
            [.. some.SelectMany(d => ClassFolders.In(Path.Combine(folder, d))).Distinct().Order(StringComparer.Ordinal)];

        IEnumerable<ListedImage> Images(IEnumerable<string> some) =>
            some.SelectMany(d => ClassFolders.List(folder, d, classes, [domains.ToList().IndexOf(d)]));
    }

    // Which images are tested follows from the names of the class's files: the same on every machine.
    private static IEnumerable<string> Drawn(string domain, string className, string[] names, double share)
    {
        new SeedStream(TestSeed).Random($"test/{domain}/{className}").Shuffle<string>(names);
        return names.Take((int)Math.Round(share * names.Length, MidpointRounding.AwayFromZero));
    }
}
