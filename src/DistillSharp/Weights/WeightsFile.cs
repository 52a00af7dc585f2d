using DistillSharp.Nn;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Weights;

/// <summary>
/// Weights in a file, whatever its name: safetensors, or <c>.pth</c> in either of PyTorch's formats, told apart by content. The state dict
/// may be the whole file or lie under a usual key (<c>state_dict</c>, <c>model</c>, ...). A prefix that wrappers put before every name
/// (<c>module.</c>, <c>_orig_mod.</c>) is taken off.
/// </summary>
/// <remarks>Opening reads names, types and shapes; elements are read by <see cref="Read()"/>.</remarks>
public sealed class WeightsFile : IDisposable
{
    // Of torch.nn.DataParallel and of torch.compile.
    private static readonly string[] Wrappers = ["module.", "_orig_mod."];

    private readonly PyTorchFile? _file;
    private readonly Dictionary<string, StoredTensor> _stored = [];
    private readonly Dictionary<string, string> _nameInFile = [];

    private WeightsFile(string path, string? key)
    {
        Path = path;
        if (PyTorchFile.Recognizes(Start(path)))
        {
            _file = PyTorchFile.Open(path);
            try
            {
                StateDictFinder.Found found = StateDictFinder.Find(path, _file.Root, key);
                Format = _file.Kind == PyTorchFileKind.Zip ? WeightsFormat.PyTorch : WeightsFormat.PyTorchLegacy;
                (Key, OtherKeys, Ignored) = (found.Key, found.Others, found.Ignored);
                Prefix = PrefixOf(found.Tensors.Keys);
                Entries = [.. found.Tensors.Select(t => Entry(t.Key, t.Value.DType, t.Value.Shape))];
                foreach ((string name, StoredTensor tensor) in found.Tensors)
                {
                    _stored.Add(name[Prefix.Length..], tensor);
                }
            }
            catch
            {
                _file.Dispose();
                throw;
            }
        }
        else
        {
            if (key is not null)
            {
                throw new ArgumentException($"'{path}' is a safetensors file, which holds its tensors without keys. Leave the key out.", nameof(key));
            }

            IReadOnlyList<SafeTensorsEntry> entries = ReadHeader(path).Tensors;
            Format = WeightsFormat.SafeTensors;
            (Key, OtherKeys, Ignored) = ("", [], []);
            Prefix = PrefixOf(entries.Select(e => e.Name));
            Entries = [.. entries.Select(e => Entry(e.Name, e.DType, e.Shape))];
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How it holds the weights.</summary>
    public WeightsFormat Format { get; }

    /// <summary>The key under which the state dict was, with <c>/</c> between keys; empty where it is the whole file.</summary>
    public string Key { get; }

    /// <summary>Keys of other state dicts in the file; ask for one of them when opening.</summary>
    public IReadOnlyList<string> OtherKeys { get; }

    /// <summary>The prefix that was taken off every name; empty where there was none.</summary>
    public string Prefix { get; }

    /// <summary>The tensors in the order of the file.</summary>
    public IReadOnlyList<WeightsEntry> Entries { get; }

    /// <summary>What lies beside the tensors and is not read.</summary>
    public IReadOnlyList<IgnoredEntry> Ignored { get; }

    /// <summary>Opens a file and reads names, types and shapes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The key of the state dict, e.g. <c>ema</c> or <c>checkpoint/model</c>; the usual ones are tried where it is null.</param>
    /// <exception cref="SafeTensorsException">The file is unsound.</exception>
    /// <exception cref="PyTorchFileException">The file is unsound, or asks for code; nothing was run.</exception>
    /// <exception cref="ArgumentException">No state dict is under the key; or there are several, and none under a usual key.</exception>
    /// <exception cref="InvalidDataException">The file is of another kind.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static WeightsFile Open(string path, string? key = null)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidDataException($"'{path}' is a folder; expected a file of weights.");
        }

        TorchRuntime.EnsureStarted();
        return new WeightsFile(path, key);
    }

    /// <summary>Reads the tensors.</summary>
    /// <returns>By name in the file's order, on the CPU, in the types of the file; they belong to the scope that is open, or to the caller. Some may share memory: do not write into them.</returns>
    public OrderedDictionary<string, Tensor> Read()
    {
        using var scope = new TensorScope();
        var tensors = new OrderedDictionary<string, Tensor>(Entries.Count);
        SafeTensorsContent? content = _file is null ? SafeTensors.Read(Path) : null;
        foreach (WeightsEntry entry in Entries)
        {
            tensors.Add(entry.Name, content?.Tensors[_nameInFile[entry.Name]] ?? _file!.Read(_stored[entry.Name]));
        }

        foreach (Tensor tensor in tensors.Values)
        {
            scope.Keep(tensor);
        }

        return tensors;
    }

    /// <summary>Copies the weights into a network, converted to its types.</summary>
    /// <param name="network">The network.</param>
    /// <param name="mapping">New names for old ones, where they differ.</param>
    /// <returns>What was matched with what.</returns>
    /// <exception cref="WeightsMismatchException">Names or shapes do not fit; nothing was copied, and the message says what fits what.</exception>
    public WeightsMatch LoadInto(Module network, WeightsMapping? mapping = null)
    {
        WeightsMatch match = WeightsMatch.Of(network, Entries, mapping);
        if (!match.Fits)
        {
            throw new WeightsMismatchException(Path, match);
        }

        using var scope = new TensorScope();
        network.LoadStateDict(match.Arrange(Read()));
        return match;
    }

    /// <summary>Writes weights, whole or not at all: for PyTorch where the name ends in <c>.pth</c> or <c>.pt</c>, else as safetensors.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensors">Names and tensors, e.g. a network's <see cref="Module.StateDict"/>.</param>
    /// <exception cref="IOException">The file could not be written; an older file of the name is unchanged.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        IEnumerable<(string, Tensor)> all = tensors.Select(t => (t.Key, t.Value));
        if (System.IO.Path.GetExtension(path) is ".pth" or ".pt")
        {
            PyTorchFile.Write(path, all);
        }
        else
        {
            SafeTensors.Write(path, all, new Dictionary<string, string> { ["format"] = "pt" });
        }
    }

    /// <summary>Closes the file. Tensors that were read stay.</summary>
    public void Dispose() => _file?.Dispose();

    private static string PrefixOf(IEnumerable<string> names)
    {
        List<string> all = [.. names];
        string prefix = "";
        while (all.Count > 0 && Wrappers.FirstOrDefault(w => all.All(n => n.AsSpan(prefix.Length).StartsWith(w) && n.Length > prefix.Length + w.Length)) is { } wrapper)
        {
            prefix += wrapper;
        }

        return prefix;
    }

    private static byte[] Start(string path)
    {
        var start = new byte[8];
        using FileStream stream = File.OpenRead(path);
        return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }

    // A safetensors file begins with its header's length, which is below 100 MB: what else there is was no such file to begin with.
    private static SafeTensorsHeader ReadHeader(string path)
    {
        try
        {
            return SafeTensors.ReadHeader(path);
        }
        catch (SafeTensorsException e) when (e.Place is "Header's length" or "Header, byte 8")
        {
            throw new InvalidDataException($"'{path}' holds no weights that are read here: expected a safetensors file or a file of torch.save, found neither. {e.Message}", e);
        }
    }

    private WeightsEntry Entry(string name, DType dtype, IReadOnlyList<long> shape)
    {
        string shorter = name[Prefix.Length..];
        _nameInFile.Add(shorter, name);
        return new WeightsEntry(shorter, dtype, shape);
    }
}
