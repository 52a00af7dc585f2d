namespace DistillSharp.Studies;

/// <summary>A resolved study as keys with values, so that two can be held against each other without their data.</summary>
internal sealed class StudyValues
{
    // What a study is called, where its files lie, and what it is asked: none of these trains or measures anything else.
    private static readonly string[] Names = ["study", "description", "data.path"];

    private readonly List<string> _keys = [];
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private StudyValues()
    {
    }

    /// <summary>The keys, in the order of the file.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>A key's value; null where there is no such key.</summary>
    public string? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>The values of a study that was read.</summary>
    public static StudyValues Of(SourceNode root)
    {
        var values = new StudyValues();
        values.Add("", root);

        // Written before there was a choice.
        if (root.Find("students") is { Kind: SourceKind.Mapping })
        {
            values.Set("students.start", StudentsReader.NameOf(StudentStart.Fresh));
        }

        return values;
    }

    /// <summary>
    /// The keys whose values differ. Of a method, an analysis or a teacher that only one study has, the first key alone: the rest says no more.
    /// </summary>
    public static IEnumerable<StudyDifference> Differences(StudyValues first, StudyValues second)
    {
        string? missing = null;
        foreach (string key in first.Keys.Concat(second.Keys.Where(k => first[k] is null)))
        {
            if (first[key] == second[key] || Names.Contains(key) || (missing is not null && key.StartsWith(missing, StringComparison.Ordinal)))
            {
                continue;
            }

            bool isWhole = first[key] is null || second[key] is null;
            missing = isWhole ? Whole(key) ?? missing : missing;
            yield return new StudyDifference(key, first[key], second[key]);
        }

        // The beginning of all keys of what a key says that it is there at all.
        static string? Whole(string key) => key.EndsWith("].name", StringComparison.Ordinal) ? key[..^"name".Length]
            : key.Split('.') is ["students", "methods", _] or ["analyses", _] ? key + "."
            : null;
    }

    private void Add(string path, SourceNode node)
    {
        switch (node.Kind)
        {
            case SourceKind.Mapping:
                foreach (SourceEntry entry in node.Entries)
                {
                    Add(path.Length == 0 ? entry.Key : $"{path}.{entry.Key}", entry.Value);
                }

                break;
            case SourceKind.Sequence when path is "analyses" || path.EndsWith(".methods", StringComparison.Ordinal) || path.EndsWith(".parts", StringComparison.Ordinal):
                foreach (SourceNode item in node.Items)
                {
                    AddNamed(path, item);
                }

                break;
            case SourceKind.Sequence when node.Items.Any(i => i.Kind == SourceKind.Mapping):
                foreach (SourceNode item in node.Items)
                {
                    Add(item.Path, item);
                }

                break;
            default:
                Set(path, Text(node));
                break;
        }
    }

    // A method or an analysis is known by its label, wherever it stands in its list.
    private void AddNamed(string path, SourceNode item)
    {
        string name = item.Kind == SourceKind.Mapping && item.Entries.Count > 0 ? item.Entries[0].Key : item.Text;
        SourceNode? options = item.Kind == SourceKind.Mapping && item.Entries.Count > 0 ? item.Entries[0].Value : null;
        string label = $"{path}.{options?.Find("name")?.Text ?? name}";
        Set(label, name);
        foreach (SourceEntry entry in options?.Entries.Where(e => e.Key != "name") ?? [])
        {
            Add($"{label}.{entry.Key}", entry.Value);
        }
    }

    private void Set(string key, string value)
    {
        if (_values.TryAdd(key, value))
        {
            _keys.Add(key);
        }
    }

    private static string Text(SourceNode node) => node.Kind switch
    {
        SourceKind.Sequence => $"[{string.Join(", ", node.Items.Select(Text))}]",
        SourceKind.Mapping => $"{{ {string.Join(", ", node.Entries.Select(e => $"{e.Key}: {Text(e.Value)}"))} }}",
        _ => node.Text,
    };
}
