using System.Globalization;
using System.Numerics;
using DistillSharp.Configuration;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Weights;

/// <summary>Finds the state dict in what a PyTorch file holds: the object itself, or a dictionary one or two keys below it.</summary>
internal static class StateDictFinder
{
    /// <summary>How a key that stands for the object itself is written.</summary>
    public const string Whole = "";

    private const int Deepest = 2;
    private const int LongestName = 1024;
    private const int MostCandidates = 100;

    // What training programs call it; the weights that were trained go before their running means.
    private static readonly string[] Usual =
    [
        "state_dict", "model_state_dict", "model_state", "model", "net", "network", "net_state_dict", "weights", "params", "parameters", "module",
        "student", "teacher", "ema", "model_ema", "ema_state_dict", "state_dict_ema", "params_ema",
    ];

    /// <summary>The tensors of one state dict, by name in the order of the file.</summary>
    /// <param name="Key">Where it was; empty for the object itself.</param>
    /// <param name="Others">Where else one is.</param>
    /// <param name="Tensors">The tensors.</param>
    /// <param name="Ignored">What lies beside them and beside the state dict.</param>
    public sealed record Found(string Key, IReadOnlyList<string> Others, OrderedDictionary<string, StoredTensor> Tensors, IReadOnlyList<IgnoredEntry> Ignored);

    /// <summary>Finds it.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="root">The object.</param>
    /// <param name="key">Which to take; the usual names decide where it is null.</param>
    /// <exception cref="PyTorchFileException">There is none, or a name is unsound.</exception>
    /// <exception cref="ArgumentException">There is none of the key, or several and no key was given.</exception>
    public static Found Find(string path, object? root, string? key)
    {
        if (root is not PickledDictionary whole)
        {
            throw new PyTorchFileException(path, "The object", "a state dict, or a dictionary that holds one", Kind(root));
        }

        var candidates = new List<(string Key, PickledDictionary Dictionary)>();
        Collect(whole, Whole, 0, candidates, []);
        if (candidates.Count == 0)
        {
            if (key is null && whole.Entries.Count == 0)
            {
                return new Found(Whole, [], [], []);
            }

            throw new PyTorchFileException(path, "The object", "a dictionary of named tensors, here or under a key", $"none under the keys {string.Join(", ", whole.Entries.Take(12).Select(e => KeyText(e.Key)))}");
        }

        (string Key, PickledDictionary Dictionary) chosen = Choose(candidates, key);
        List<IgnoredEntry> ignored = [];
        if (chosen.Key != Whole)
        {
            string first = chosen.Key.Split('/')[0];
            ignored.AddRange(whole.Entries.Where(e => e.Key is not string name || name != first).Select(e => new IgnoredEntry(KeyText(e.Key), Kind(e.Value))));
        }

        return new Found(chosen.Key, [.. candidates.Select(c => c.Key).Where(c => c != chosen.Key)], Tensors(path, chosen.Dictionary, ignored), ignored);
    }

    // Each dictionary is looked at once, however often it is in others.
    private static void Collect(PickledDictionary dictionary, string key, int depth, List<(string, PickledDictionary)> candidates, HashSet<PickledDictionary> seen)
    {
        if (!seen.Add(dictionary) || candidates.Count == MostCandidates)
        {
            return;
        }

        if (dictionary.Entries.Any(e => e is { Key: string, Value: StoredTensor }))
        {
            candidates.Add((key, dictionary));
        }

        if (depth == Deepest)
        {
            return;
        }

        foreach ((object? name, object? value) in dictionary.Entries)
        {
            if (name is string text && text.Length <= LongestName && value is PickledDictionary below)
            {
                Collect(below, key == Whole ? text : $"{key}/{text}", depth + 1, candidates, seen);
            }
        }
    }

    private static (string Key, PickledDictionary Dictionary) Choose(List<(string Key, PickledDictionary Dictionary)> candidates, string? key)
    {
        if (key is not null)
        {
            return candidates.FirstOrDefault(c => c.Key == key) is { Dictionary: not null } wanted
                ? wanted
                : throw new ArgumentException(NearestName.Explain("state dict under the key", key, candidates.Select(c => c.Key == Whole ? "(the file itself)" : c.Key)), nameof(key));
        }

        if (candidates.Count == 1 || candidates[0].Key == Whole)
        {
            return candidates[0];
        }

        foreach (string usual in Usual)
        {
            if (candidates.FirstOrDefault(c => c.Key == usual || c.Key.EndsWith("/" + usual, StringComparison.Ordinal)) is { Dictionary: not null } found)
            {
                return found;
            }
        }

        throw new ArgumentException($"The file holds several state dicts ({string.Join(", ", candidates.Take(12).Select(c => Shorten(c.Key)))}); name one with --key.", nameof(key));
    }

    private static OrderedDictionary<string, StoredTensor> Tensors(string path, PickledDictionary dictionary, List<IgnoredEntry> ignored)
    {
        var tensors = new OrderedDictionary<string, StoredTensor>();
        foreach ((object? key, object? value) in dictionary.Entries)
        {
            if (key is not string name || value is not StoredTensor tensor)
            {
                ignored.Add(new IgnoredEntry(KeyText(key), Kind(value)));
                continue;
            }

            if (name.Length > LongestName)
            {
                throw new PyTorchFileException(path, "The state dict", $"names of at most {LongestName} characters", $"one of {name.Length}");
            }

            if (!tensors.TryAdd(name, tensor))
            {
                throw new PyTorchFileException(path, "The state dict", "every name once", KeyText(name) + " a second time");
            }
        }

        return tensors;
    }

    private static string KeyText(object? key) => key switch
    {
        string text => Shorten(text),
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => Kind(key),
    };

    private static string Kind(object? value) => value switch
    {
        null => "None",
        bool => "a truth value",
        long or BigInteger => "a whole number",
        double => "a number",
        string => "text",
        byte[] => "bytes",
        object?[] => "a tuple",
        PickledList list => string.Create(CultureInfo.InvariantCulture, $"a list of {list.Items.Count}"),
        PickledDictionary dictionary => string.Create(CultureInfo.InvariantCulture, $"a dictionary of {dictionary.Entries.Count}"),
        StoredTensor => "a tensor",
        PickledName name => name.Text,
        _ => "something else",
    };

    // From a file to a terminal: short, and without control characters.
    private static string Shorten(string text)
    {
        const int Most = 80;
        string head = text.Length <= Most ? text : text[..Most] + "...";
        return WeightsEntry.Printable(head);
    }
}
