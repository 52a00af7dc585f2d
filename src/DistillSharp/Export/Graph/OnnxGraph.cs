using System.Globalization;
using DistillSharp.Torch;

namespace DistillSharp.Export;

/// <summary>A graph of ONNX operators while it grows: nodes in the order of computation, and constants.</summary>
internal sealed class OnnxGraph
{
    private readonly List<OnnxNode> _nodes = [];
    private readonly OrderedDictionary<string, OnnxTensor> _constants = [];
    private readonly Dictionary<string, string> _sharedConstants = [];
    private readonly HashSet<string> _names = [];

    /// <summary>The nodes.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>The constants.</summary>
    public IEnumerable<OnnxTensor> Constants => _constants.Values;

    /// <summary>Adds a node.</summary>
    /// <param name="layer">The layer that it belongs to, e.g. <c>layer1.0.conv1</c>; empty for the network itself.</param>
    /// <param name="op">ONNX's operator.</param>
    /// <param name="inputs">Values that it takes; empty for an optional one that is left out.</param>
    /// <param name="outputs">How many values it gives.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The names of what it gives.</returns>
    public IReadOnlyList<string> Add(string layer, string op, IReadOnlyList<string> inputs, int outputs, IReadOnlyList<OnnxAttribute> attributes)
    {
        string name = Unused(layer.Length == 0 ? op : $"{layer}/{op}");
        string[] given = [.. Enumerable.Range(0, outputs).Select(i => Unused(outputs == 1 ? $"{name}:output" : FormattableString.Invariant($"{name}:output{i}")))];
        _nodes.Add(new OnnxNode(op, name, inputs, given, attributes));
        return given;
    }

    /// <summary>Adds a constant under its own name.</summary>
    public string Add(OnnxTensor constant)
    {
        _names.Add(constant.Name);
        _constants.Add(constant.Name, constant);
        return constant.Name;
    }

    /// <summary>A list of whole numbers; equal lists are one constant.</summary>
    public string Constant(params ReadOnlySpan<long> values)
    {
        long[] elements = values.ToArray();
        return Shared($"int64 [{string.Join(',', elements)}]", name => OnnxTensor.Of(name, DType.Int64, [elements.Length], elements));
    }

    /// <summary>One number without dimensions; equal numbers are one constant.</summary>
    /// <exception cref="OnnxExportException">No number of that type can be written.</exception>
    public string Scalar(double value, DType type)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{type} {value:R}");
        return type switch
        {
            DType.Float32 => Shared(key, name => OnnxTensor.Of(name, type, [], new[] { (float)value })),
            DType.Float64 => Shared(key, name => OnnxTensor.Of(name, type, [], new[] { value })),
            DType.Int64 => Shared(key, name => OnnxTensor.Of(name, type, [], new[] { (long)value })),
            _ => throw new OnnxExportException($"A single number of {type} cannot be exported to ONNX."),
        };
    }

    /// <summary>A name that nothing has, beginning as given.</summary>
    public string Unused(string name)
    {
        string candidate = name;
        for (int i = 1; !_names.Add(candidate); i++)
        {
            candidate = FormattableString.Invariant($"{name}_{i}");
        }

        return candidate;
    }

    /// <summary>Keeps a name from being given to anything else.</summary>
    public void Reserve(string name) => _names.Add(name);

    /// <summary>Gives a value another name wherever it stands.</summary>
    public void Rename(string from, string to)
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            OnnxNode node = _nodes[i];
            if (node.Inputs.Contains(from) || node.Outputs.Contains(from))
            {
                _nodes[i] = node with { Inputs = Renamed(node.Inputs), Outputs = Renamed(node.Outputs) };
            }
        }

        string[] Renamed(IReadOnlyList<string> names) => [.. names.Select(n => n == from ? to : n)];
    }

    /// <summary>Drops nodes and constants that a value does not depend on.</summary>
    public void KeepOnly(string output)
    {
        HashSet<string> needed = [output];
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            if (_nodes[i].Outputs.Any(needed.Contains))
            {
                needed.UnionWith(_nodes[i].Inputs);
            }
            else
            {
                _nodes.RemoveAt(i);
            }
        }

        foreach (string name in _constants.Keys.Where(n => !needed.Contains(n)).ToList())
        {
            _constants.Remove(name);
        }
    }

    private string Shared(string key, Func<string, OnnxTensor> make)
    {
        if (!_sharedConstants.TryGetValue(key, out string? name))
        {
            name = Add(make(Unused("constant")));
            _sharedConstants.Add(key, name);
        }

        return name;
    }
}
