using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DistillSharp.Studies;

/// <summary>
/// Reads YAML into nodes that know their place. Made from the parser's events rather than YamlDotNet's own tree, which stops
/// at the first duplicate key, follows aliases and recurses without a limit.
/// </summary>
internal sealed class SourceTree
{
    // A study is at most six levels deep; a file of brackets alone would otherwise exhaust the stack, which no handler can catch.
    private const int MostLevels = 32;

    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly ProblemList _problems;

    private SourceTree(string text, ProblemList problems)
    {
        _scanner = new Scanner(new StringReader(text));
        _parser = new Parser(_scanner);
        _problems = problems;
    }

    /// <summary>The file's only document; null where there is none or it cannot be read, which is then reported.</summary>
    public static SourceNode? Parse(string text, ProblemList problems)
    {
        try
        {
            return new SourceTree(text, problems).ReadDocument();
        }
        catch (YamlException e)
        {
            problems.Add(Place(e.Start.Line), Place(e.Start.Column), "", $"this is not valid YAML: {e.Message}");
            return null;
        }
        catch (TooDeepException e)
        {
            string limit = MostLevels.ToString(CultureInfo.InvariantCulture);
            problems.Add(Place(e.Start.Line), Place(e.Start.Column), "", $"lists and mappings are nested more than {limit} levels deep; a study needs six.");
            return null;
        }
    }

    private SourceNode? ReadDocument()
    {
        SourceNode? root = null;
        while (Advance())
        {
            switch (_parser.Current)
            {
                case DocumentStart start when root is not null:
                    _problems.Add(Place(start.Start.Line), Place(start.Start.Column), "", "expected one document, found a second one; a file holds one study.");
                    return root;
                case NodeEvent or AnchorAlias:
                    root = ReadNode("", level: 0);
                    break;
                default:
                    break;
            }
        }

        return root;
    }

    private SourceNode ReadNode(string path, int level)
    {
        ParsingEvent current = _parser.Current!;
        if (level > MostLevels)
        {
            throw new TooDeepException(current.Start);
        }

        if (current is NodeEvent { Tag.IsEmpty: false } tagged)
        {
            _problems.Add(Place(current.Start.Line), Place(current.Start.Column), path, $"expected a value, found the tag '{CoreSchema.Shorten(tagged.Tag.Value)}'; tags are not used in studies.");
        }

        switch (current)
        {
            case MappingStart:
                return ReadMapping(path, level);
            case SequenceStart:
                return ReadSequence(path, level);
            case Scalar scalar:
                return New(SourceKind.Scalar, path, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case AnchorAlias found:
                // Not followed: aliases of aliases grow a small file beyond all memory.
                SourceNode alias = New(SourceKind.Scalar, path, $"*{found.Value.Value}", isPlain: true);
                _problems.Add(alias, $"expected a value, found the alias '{CoreSchema.Shorten(alias.Text)}'; studies do not use aliases, write the value out.");
                return alias;
            default:
                // The parser ends a mapping between a key and its value in some broken texts, such as "a: {}*b".
                throw new YamlException(current.Start, current.End, "expected a value.");
        }
    }

    private SourceNode ReadSequence(string path, int level)
    {
        SourceNode node = New(SourceKind.Sequence, path);
        while (MoveNext() is not SequenceEnd)
        {
            node.Items.Add(ReadNode($"{path}[{node.Items.Count.ToString(CultureInfo.InvariantCulture)}]", level + 1));
        }

        return node;
    }

    private SourceNode ReadMapping(string path, int level)
    {
        SourceNode node = New(SourceKind.Mapping, path);
        var seen = new Dictionary<string, SourceNode>(StringComparer.Ordinal);
        while (MoveNext() is not MappingEnd)
        {
            SourceNode key = ReadNode(path, level + 1);
            MoveNext();
            if (key.Kind != SourceKind.Scalar)
            {
                _problems.AddExpected(key, "a key that is a word");
                ReadNode(path, level + 1);
                continue;
            }

            string valuePath = node.PathOf(CoreSchema.Shorten(key.Text));
            var placed = new SourceNode(SourceKind.Scalar, key.Line, key.Column, valuePath);
            SourceNode value = ReadNode(valuePath, level + 1);
            if (seen.TryAdd(key.Text, key))
            {
                node.Entries.Add(new SourceEntry(key.Text, placed, value));
            }
            else
            {
                _problems.Add(placed, $"this key stands twice; it is already on line {seen[key.Text].Line.ToString(CultureInfo.InvariantCulture)}.");
            }
        }

        return node;
    }

    private ParsingEvent MoveNext()
    {
        Advance();
        return _parser.Current!;
    }

    private bool Advance()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception e) when (e is not YamlException)
        {
            // On some broken texts YamlDotNet fails on its own state rather than with a YamlException: a brace that is not closed
            // before the next line's key is one.
            Mark place = _scanner.CurrentPosition;
            throw new YamlException(place, place, "the text makes no sense from here on; is a bracket, a brace or a quote not closed?", e);
        }
    }

    private SourceNode New(SourceKind kind, string path, string text = "", bool isPlain = false)
    {
        Mark start = _parser.Current!.Start;
        return new SourceNode(kind, Place(start.Line), Place(start.Column), path) { Text = text, IsPlain = isPlain };
    }

    private static int Place(long number) => (int)Math.Max(1, number);

    private sealed class TooDeepException(Mark start) : Exception
    {
        public Mark Start { get; } = start;
    }
}
