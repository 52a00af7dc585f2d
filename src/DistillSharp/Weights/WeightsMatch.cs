using System.Globalization;
using System.Text;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Weights;

/// <summary>What of a file's weights fits what of a network, by name and shape.</summary>
public sealed class WeightsMatch
{
    private const int MostListed = 20;
    private const string BatchCounter = "num_batches_tracked";

    private readonly OrderedDictionary<string, string> _fileNames = [];
    private readonly IReadOnlyList<WeightsEntry> _expected;
    private readonly List<WeightsEntry> _missing;

    private WeightsMatch(IReadOnlyList<WeightsEntry> expected, IReadOnlyList<WeightsEntry> given, WeightsMapping mapping)
    {
        _expected = expected;
        var byName = new Dictionary<string, WeightsEntry>();
        foreach (WeightsEntry entry in given)
        {
            string name = mapping.Apply(entry.Name);
            if (!byName.TryAdd(name, entry))
            {
                throw new ArgumentException($"The mapping gives two tensors the name '{name}': '{byName[name].Name}' and '{entry.Name}'.", nameof(mapping));
            }
        }

        IdleMappings = [.. mapping.Lines.Where(l => !given.Any(e => new WeightsMapping(l).Apply(e.Name) != e.Name)).Select(l => $"{l.Old}={l.New}")];
        var names = expected.Select(e => e.Name).ToHashSet();
        Unexpected = [.. byName.Where(g => !names.Contains(g.Key)).Select(g => g.Value with { Name = g.Key })];
        var missing = new List<WeightsEntry>();
        var misshapen = new List<MisshapenWeights>();
        var defaulted = new List<string>();
        foreach (WeightsEntry entry in expected)
        {
            if (!byName.TryGetValue(entry.Name, out WeightsEntry? found))
            {
                // Releases before 0.4.1 do not count batches, and nothing here depends on the count. PyTorch sets it to 0, too.
                if (entry.Name.EndsWith(BatchCounter, StringComparison.Ordinal) && entry.Shape.Count == 0)
                {
                    defaulted.Add(entry.Name);
                }
                else
                {
                    missing.Add(entry);
                }
            }
            else if (!found.Shape.SequenceEqual(entry.Shape))
            {
                misshapen.Add(new MisshapenWeights(entry, found.Shape));
            }
            else
            {
                _fileNames.Add(entry.Name, found.Name);
            }
        }

        Misshapen = misshapen;
        Defaulted = defaulted;
        _missing = missing;
    }

    /// <summary>How many tensors of the network have their counterpart in the file.</summary>
    public int Matched => _fileNames.Count;

    /// <summary>How many tensors the network has.</summary>
    public int Expected => _expected.Count;

    /// <summary>Tensors of the network that the file lacks.</summary>
    public IReadOnlyList<MissingWeights> Missing =>
        field ??= [.. _missing.Select((m, i) => new MissingWeights(m, i < MostListed ? WeightsSuggestions.Nearest(m, Unexpected) : []))];

    /// <summary>Tensors of the file that the network has no place for, under their mapped names.</summary>
    public IReadOnlyList<WeightsEntry> Unexpected { get; }

    /// <summary>Tensors that both have, in different shapes.</summary>
    public IReadOnlyList<MisshapenWeights> Misshapen { get; }

    /// <summary>Counters of batches (<c>num_batches_tracked</c>) that the file lacks, as files of old releases do; they become 0.</summary>
    public IReadOnlyList<string> Defaulted { get; }

    /// <summary>Lines for a <see cref="WeightsMapping"/> that would bring missing and unexpected tensors of equal shape together.</summary>
    public IReadOnlyList<string> Suggestions => field ??= WeightsSuggestions.Renames(_missing, Unexpected);

    /// <summary>Lines of the mapping that no name of the file fits.</summary>
    public IReadOnlyList<string> IdleMappings { get; }

    /// <summary>True where every tensor of the network is there in its shape, and nothing else.</summary>
    public bool Fits => _missing.Count == 0 && Unexpected.Count == 0 && Misshapen.Count == 0;

    /// <summary>Compares names and shapes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="given">What the file holds.</param>
    /// <param name="mapping">New names for the file's; none where null.</param>
    /// <exception cref="ArgumentException">The mapping gives two tensors one name.</exception>
    public static WeightsMatch Of(Module network, IReadOnlyList<WeightsEntry> given, WeightsMapping? mapping = null) =>
        new(EntriesOf(network), given, mapping ?? new WeightsMapping());

    /// <summary>Names, types and shapes of a network's state dict.</summary>
    public static IReadOnlyList<WeightsEntry> EntriesOf(Module network) =>
        [.. network.StateDict().Select(p => new WeightsEntry(p.Key, p.Value.DType, p.Value.Shape))];

    /// <summary>The tensors of the file under the network's names, in its order; counters that are not in the file are 0.</summary>
    /// <param name="tensors">What <see cref="WeightsFile.Read()"/> gave.</param>
    /// <exception cref="InvalidOperationException">The weights do not fit.</exception>
    public IReadOnlyList<KeyValuePair<string, Tensor>> Arrange(IReadOnlyDictionary<string, Tensor> tensors) => Fits
        ? [.. _expected.Select(e => new KeyValuePair<string, Tensor>(
            e.Name, _fileNames.TryGetValue(e.Name, out string? name) ? tensors[name] : Operators.Zeros([], DType.Int64)))]
        : throw new InvalidOperationException("Weights that do not fit cannot be arranged.");

    /// <summary>A sentence, then a line for each difference; the first twenty of each kind.</summary>
    public string Explain()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Matched} of the network's {Expected} tensors match by name and shape");
        text.Append(Fits ? "." : string.Create(CultureInfo.InvariantCulture, $"; {Missing.Count} missing, {Misshapen.Count} of another shape, {Unexpected.Count} unexpected."));
        List(text, Missing, m => $"missing: {m.Entry.Name} {m.Entry.ShapeText}" + (m.Candidates.Count > 0 ? $" (of this shape, unexpected: {string.Join(", ", m.Candidates)})" : ""));
        List(text, Misshapen, m => $"shape: {m.Entry.Name} is {WeightsEntry.ShapeTextOf(m.Found)}, expected {m.Entry.ShapeText}");
        List(text, Unexpected, u => $"unexpected: {u.Name} {u.ShapeText}");
        List(text, Suggestions, s => $"try: --mapping {s}");
        List(text, IdleMappings, m => $"the mapping {m} fits no name of the file");
        return text.ToString();
    }

    private static void List<T>(StringBuilder text, IReadOnlyList<T> items, Func<T, string> line)
    {
        foreach (T item in items.Take(MostListed))
        {
            text.Append("\n  ").Append(WeightsEntry.Printable(line(item)));
        }

        if (items.Count > MostListed)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  ... and {items.Count - MostListed} more");
        }
    }
}
