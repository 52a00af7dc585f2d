namespace DistillSharp.Studies;

/// <summary>Something named out of the catalogue, with its options' mapping where it has one.</summary>
internal sealed record NamedEntry(CatalogEntry Entry, SourceNode Place, SourceNode? Options);

/// <summary>Reads what is written as <c>- name</c> or <c>- name: { options }</c>, and as <c>key: name</c> or <c>key: { name: ..., options }</c>.</summary>
internal static class NamedEntryReader
{
    /// <summary>The key that names the thing inside its own options.</summary>
    public static readonly IReadOnlyList<string> NameKey = ["name"];

    /// <summary>An item of a list.</summary>
    public static NamedEntry? ReadItem(SourceNode item, string kind, IReadOnlyList<CatalogEntry> catalog, ProblemList problems)
    {
        if (item.Kind == SourceKind.Scalar && !CoreSchema.IsNull(item))
        {
            return Resolve(item.Text, item, null, kind, catalog, problems);
        }

        if (item.Kind == SourceKind.Mapping && item.Entries.Count == 1)
        {
            SourceEntry only = item.Entries[0];
            SourceNode? options = CoreSchema.IsNull(only.Value) ? null : only.Value;
            return Resolve(only.Key, only.KeyNode, options, kind, catalog, problems);
        }

        string hint = item.Entries.Count > 1 ? " Indent the options by two more spaces than the name, or write them in braces." : "";
        problems.Add(item, $"expected the name of one {kind}, alone or as 'name: {{ option: value }}', found {CoreSchema.Describe(item)}.{hint}");
        return null;
    }

    /// <summary>The value of a key; the fallback where the value names nothing.</summary>
    public static NamedEntry? ReadValue(SourceNode node, string kind, IReadOnlyList<CatalogEntry> catalog, string fallback, ProblemList problems)
    {
        if (node.Kind == SourceKind.Scalar && !CoreSchema.IsNull(node))
        {
            return Resolve(node.Text, node, null, kind, catalog, problems);
        }

        if (MappingReader.Open(node, $"the name of one {kind} and its options", problems) is not { } reader)
        {
            return null;
        }

        return reader.Text("name", $"the name of one {kind}", fallback) is { } name
            ? Resolve(name, node.Find("name") ?? node, node, kind, catalog, problems)
            : null;
    }

    /// <summary>The catalogue's entry of that name; null, and a problem, where there is none.</summary>
    public static CatalogEntry? Find(string name, SourceNode place, string kind, IReadOnlyList<CatalogEntry> catalog, ProblemList problems)
    {
        CatalogEntry? entry = catalog.FirstOrDefault(e => e.Name == name);
        if (entry is null)
        {
            problems.AddUnknown(place, kind, name, catalog.Select(e => e.Name));
        }

        return entry;
    }

    private static NamedEntry? Resolve(
        string name, SourceNode place, SourceNode? options, string kind, IReadOnlyList<CatalogEntry> catalog, ProblemList problems) =>
        Find(name, place, kind, catalog, problems) is { } entry ? new NamedEntry(entry, place, options) : null;
}
