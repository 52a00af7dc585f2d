using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>Reads one method with its options, or a combination of several, for a student or for a teacher that learns from another.</summary>
internal sealed class MethodReader(IStudyCatalog catalog, ProblemList problems)
{
    private const string Default = "kl";
    private const string Parts = "parts";
    private const string PartsExpected = "a list of methods such as [kl, crd]";

    private static readonly OptionSpec LabelWeight =
        new("label-weight", OptionKind.Number, null, "What the cross-entropy with the labels counts; the sum of what it counts in the parts where left out", Minimum: 0, Maximum: 1e6);

    // The reader knows these itself, so that no catalogue can leave out the control that every finding needs.
    private readonly IReadOnlyList<CatalogEntry> _methods =
    [
        new CatalogEntry(MethodDefinition.IndependentName, []),
        .. catalog.Methods.Where(m => m.Name != MethodDefinition.IndependentName),
        new CatalogEntry(MethodDefinition.CombineName, [LabelWeight]),
    ];

    /// <summary>An item of a list of methods.</summary>
    /// <param name="item">The item: <c>kl</c> or <c>kl: { temperature: 2 }</c>.</param>
    /// <param name="learner">Who learns.</param>
    /// <param name="teachers">The teachers, of which the first is learnt from; null where they could not be read.</param>
    public MethodDefinition? ReadItem(SourceNode item, Learner learner, IReadOnlyList<ReadTeacher>? teachers) =>
        NamedEntryReader.ReadItem(item, "method", _methods, problems) is { } named ? Read(named, named.Entry.Name, isItem: true, learner, teachers) : null;

    /// <summary>The value of a key: <c>method: kl</c> or <c>method: { name: kl, temperature: 2 }</c>.</summary>
    public MethodDefinition? ReadValue(SourceNode node, Learner learner, IReadOnlyList<ReadTeacher>? teachers) =>
        NamedEntryReader.ReadValue(node, "method", _methods, Default, problems) is { } named ? Read(named, named.Entry.Name, isItem: false, learner, teachers) : null;

    /// <summary>The method where none is named: <c>kl</c> as it was published.</summary>
    public MethodDefinition? ReadDefault(SourceNode place, Learner learner, IReadOnlyList<ReadTeacher>? teachers) =>
        NamedEntryReader.Find(Default, place, "method", _methods, problems) is { } entry
            ? Read(new NamedEntry(entry, place, null), Default, isItem: false, learner, teachers)
            : null;

    private MethodDefinition? Read(NamedEntry named, string fallback, bool isItem, Learner learner, IReadOnlyList<ReadTeacher>? teachers)
    {
        CatalogEntry entry = named.Entry;
        bool isCombination = entry.Name == MethodDefinition.CombineName;
        bool isIndependent = entry.Name == MethodDefinition.IndependentName;
        string[] reserved = isIndependent ? [] : isCombination ? ["name", Parts] : ["name"];
        ReadOptions options = OptionsReader.Read(named.Options, named.Place, entry.Options, reserved, problems);
        string? label = isItem && !isIndependent && named.Options is { Kind: SourceKind.Mapping } mapping
            ? MappingReader.Open(mapping, "options", problems)!.Name("name", fallback)
            : fallback;
        if (entry.NeedsTeacher && teachers is { Count: 0 })
        {
            problems.Add(named.Place, $"'{entry.Name}' needs a teacher, and the study has none; add one under 'teachers'.");
            return null;
        }

        ValueList<MethodDefinition>? parts = isCombination ? ReadParts(named, learner, teachers) : [];
        if (label is null || options.Values is null || parts is null)
        {
            return null;
        }

        var method = new MethodDefinition(label, entry.Name, options.Values, entry.NeedsTeacher || parts.Any(p => p.NeedsTeacher)) { Parts = parts };
        CheckNetworks(named, method, options, learner, teachers);
        CheckLabels(named, method, learner);
        return method;
    }

    private ValueList<MethodDefinition>? ReadParts(NamedEntry named, Learner learner, IReadOnlyList<ReadTeacher>? teachers)
    {
        if (named.Options is not { Kind: SourceKind.Mapping } mapping || mapping.Find(Parts) is not { } node)
        {
            problems.Add(named.Place, $"expected the key '{Parts}', {PartsExpected}: 'combine: {{ name: kl-crd, parts: [kl, crd] }}'.");
            return null;
        }

        if (MappingReader.Items(node, PartsExpected, problems) is not { } items)
        {
            return null;
        }

        if (items.Count < 2)
        {
            problems.Add(node, "expected at least two methods to combine.");
            return null;
        }

        var parts = new List<MethodDefinition>();
        foreach (SourceNode item in items)
        {
            if (ReadItem(item, learner, teachers) is not { } part)
            {
                continue;
            }

            if (part.Parts.Count > 0 || part.IsIndependent)
            {
                problems.Add(item, $"expected a method with a teacher or a loss of its own, found '{part.Name}': combinations are not nested, and labels count by 'label-weight'.");
            }
            else if (parts.Any(p => p.Label == part.Label))
            {
                problems.Add(item, $"expected another label for each part, found '{part.Label}' again. Give one its own: {part.Name}: {{ name: {part.Name}-2 }}.");
            }
            else
            {
                parts.Add(part);
            }
        }

        return parts.Count == items.Count ? [.. parts] : null;
    }

    private void CheckNetworks(NamedEntry named, MethodDefinition method, ReadOptions options, Learner learner, IReadOnlyList<ReadTeacher>? teachers)
    {
        IReadOnlyList<OptionSpec> specs = named.Entry.Options;
        bool layersExist = learner.Layers is not null
            && OptionsReader.CheckLayers(options, specs, OptionKind.StudentLayer, learner.Words, learner.Layers.Paths, problems);
        foreach (ReadTeacher? teacher in Teaching(teachers))
        {
            string owner = teacher?.Words ?? ReadTeacher.Missing;
            bool all = layersExist
                & (teachers is { Count: 0 } || teacher?.Layers is not null)
                && OptionsReader.CheckLayers(options, specs, OptionKind.TeacherLayer, owner, teacher?.Layers?.Paths ?? [], problems);
            if (all && method is { IsIndependent: false, Parts.Count: 0 } && catalog.CheckMethod(method, learner.Layers!, teacher?.Layers) is { } error)
            {
                problems.Add(named.Place, error);
                return;
            }
        }
    }

    // The first, and the second where it teaches too; null stands for a study without teachers.
    private static IEnumerable<ReadTeacher?> Teaching(IReadOnlyList<ReadTeacher>? teachers) =>
        teachers is { Count: > 0 } ? teachers.Where((t, i) => i == 0 || t.Definition is { Teaches: true }) : Enumerable.Repeat<ReadTeacher?>(null, 1);

    /// <summary>Images without labels teach nothing to a method that needs the label of each.</summary>
    private void CheckLabels(NamedEntry named, MethodDefinition method, Learner learner)
    {
        if (!method.NeedsTeacher || method.Parts.Count > 0 || learner.Transfer is not { } data || !TransferKinds.IsUnlabelled(data))
        {
            return;
        }

        if (named.Entry.NeedsLabels?.Invoke(method.Options) == true)
        {
            problems.Add(named.Place, $"'{method.Name}' needs the label of every image, and 'students.data: {data}' has images without. Choose another method, or the data 'own' or 'halves'.");
        }
        else if (TransferKinds.HasNoLabels(data) && method.Options.Entries.Any(e => e.Key == "label-weight" && e.Value is > 0.0))
        {
            problems.Add(named.Place, $"'{method.Name}' counts the labels ('label-weight' {OptionValues.Format(method.Options.Number("label-weight"))}), and 'students.data: {data}' has none. Set 'label-weight' to 0.");
        }
    }
}

/// <summary>Who learns by a method.</summary>
/// <param name="Words">Who it is, in messages.</param>
/// <param name="Layers">The layers of its network; null where they are not known.</param>
/// <param name="Transfer">The kind of data that it is distilled on; null for labelled images.</param>
internal sealed record Learner(string Words, NetworkLayers? Layers, string? Transfer = null);
