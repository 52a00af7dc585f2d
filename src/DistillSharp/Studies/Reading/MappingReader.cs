using System.Globalization;
using System.Text.RegularExpressions;

namespace DistillSharp.Studies;

/// <summary>Reads the fixed keys of a mapping, and reports what is missing, unknown or of the wrong kind.</summary>
internal sealed partial class MappingReader
{
    private const int LongestName = 64;

    private readonly ProblemList _problems;

    private MappingReader(SourceNode node, ProblemList problems)
    {
        Node = node;
        _problems = problems;
    }

    public SourceNode Node { get; }

    /// <summary>A reader of the node; null, and a problem, where it is not a mapping.</summary>
    public static MappingReader? Open(SourceNode node, string keys, ProblemList problems)
    {
        if (node.Kind == SourceKind.Mapping)
        {
            return new MappingReader(node, problems);
        }

        problems.AddExpected(node, $"a mapping with {keys}");
        return null;
    }

    public void RefuseOthers(IEnumerable<string> known)
    {
        List<string> names = [.. known];
        foreach (SourceEntry entry in Node.Entries.Where(e => !names.Contains(e.Key)))
        {
            _problems.AddUnknown(entry.KeyNode, "key", entry.Key, names);
        }
    }

    public bool Has(string key) => Node.Find(key) is not null;

    /// <summary>The node of a key that must be there.</summary>
    public SourceNode? Require(string key, string expected)
    {
        SourceNode? node = Node.Find(key);
        if (node is null)
        {
            _problems.Add(Node.Line, Node.Column, Node.PathOf(key), $"this key is missing; expected {expected}.");
        }

        return node;
    }

    /// <summary>A whole number; the fallback where the key is missing; null, and a problem, where there is neither.</summary>
    public int? Integer(string key, int minimum, int? fallback = null)
    {
        string expected = $"a whole number of at least {minimum.ToString(CultureInfo.InvariantCulture)}";
        if (fallback is not null && !Has(key))
        {
            return fallback;
        }

        return Require(key, expected) is { } node ? Integer(node, minimum, expected) : null;
    }

    public int? Integer(SourceNode node, int minimum, string expected)
    {
        if (CoreSchema.TryInteger(node, out long value) && value >= minimum && value <= int.MaxValue)
        {
            return (int)value;
        }

        _problems.AddExpected(node, value > int.MaxValue ? $"{expected} and at most {int.MaxValue.ToString(CultureInfo.InvariantCulture)}" : expected);
        return null;
    }

    /// <summary>A text; the fallback where the key is missing; null, and a problem, where there is neither.</summary>
    public string? Text(string key, string expected, string? fallback = null)
    {
        if (fallback is not null && !Has(key))
        {
            return fallback;
        }

        if (Require(key, expected) is not { } node)
        {
            return null;
        }

        if (node.Kind == SourceKind.Scalar && !CoreSchema.IsNull(node))
        {
            return node.Text;
        }

        _problems.AddExpected(node, expected);
        return null;
    }

    /// <summary>A text that can be part of a folder's name.</summary>
    public string? Name(string key, string? fallback = null)
    {
        const string Expected = "a name of letters, digits, '-' and '_' that begins with a letter or digit, of at most 64 characters";
        string? name = Text(key, Expected, fallback);
        if (name is null || (name.Length <= LongestName && NamePattern().IsMatch(name)))
        {
            return name;
        }

        _problems.AddExpected(Node.Find(key)!, Expected);
        return null;
    }

    /// <summary>The items of a list; null, and a problem, where the node is something else.</summary>
    public static IReadOnlyList<SourceNode>? Items(SourceNode node, string expected, ProblemList problems)
    {
        if (node.Kind == SourceKind.Sequence)
        {
            return node.Items;
        }

        problems.AddExpected(node, expected);
        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_-]*\z")]
    private static partial Regex NamePattern();
}
