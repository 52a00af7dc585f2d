namespace DistillSharp.Studies;

/// <summary>The kinds of YAML node.</summary>
internal enum SourceKind
{
    Scalar,
    Sequence,
    Mapping,
}

/// <summary>A key with its place and its value.</summary>
internal sealed record SourceEntry(string Key, SourceNode KeyNode, SourceNode Value);

/// <summary>A YAML node with its place in the file and its path in the study.</summary>
internal sealed class SourceNode(SourceKind kind, int line, int column, string path)
{
    public SourceKind Kind { get; } = kind;

    public int Line { get; } = line;

    public int Column { get; } = column;

    public string Path { get; } = path;

    /// <summary>The text of a scalar.</summary>
    public string Text { get; init; } = "";

    /// <summary>True for a scalar without quotes: only these can be numbers, true, false or null.</summary>
    public bool IsPlain { get; init; }

    /// <summary>The items of a sequence.</summary>
    public List<SourceNode> Items { get; } = [];

    /// <summary>The entries of a mapping; of a key that stands twice, the first.</summary>
    public List<SourceEntry> Entries { get; } = [];

    /// <summary>The value of a key, or null.</summary>
    public SourceNode? Find(string key) => Entries.Find(e => e.Key == key)?.Value;

    /// <summary>The path of a key in this mapping.</summary>
    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";
}
