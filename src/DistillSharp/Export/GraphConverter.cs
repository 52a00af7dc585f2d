using DistillSharp.Torch;

namespace DistillSharp.Export;

/// <summary>Turns two traces of a network into a graph: a node or a few for each call that depends on the images, a constant for everything else.</summary>
internal sealed class GraphConverter
{
    private readonly TracePair _traces;
    private readonly IReadOnlyDictionary<TracedTensor, string> _weightNames;
    private readonly Dictionary<TracedTensor, string> _values = [];

    private GraphConverter(TracePair traces, IReadOnlyDictionary<TracedTensor, string> weightNames)
    {
        _traces = traces;
        _weightNames = weightNames;
        Graph.Reserve(OnnxExporter.InputName);
        Graph.Reserve(OnnxExporter.OutputName);
        foreach (string name in weightNames.Values)
        {
            Graph.Reserve(name);
        }
    }

    /// <summary>The graph.</summary>
    public OnnxGraph Graph { get; } = new();

    /// <summary>Makes the graph from <see cref="OnnxExporter.InputName"/> to <see cref="OnnxExporter.OutputName"/>.</summary>
    /// <param name="traces">What the network computes.</param>
    /// <param name="weightNames">The names of the network's weights.</param>
    /// <exception cref="OnnxExportException">An operator cannot be written, or the network does not compute the same for every batch.</exception>
    public static OnnxGraph Convert(TracePair traces, IReadOnlyDictionary<TracedTensor, string> weightNames)
    {
        var converter = new GraphConverter(traces, weightNames);
        converter.Bind(traces.Images, OnnxExporter.InputName);
        foreach (int index in traces.NeededCalls())
        {
            var conversion = new OperatorConversion(converter, traces, index);
            Action<OperatorConversion> convert = OperatorConverters.Find(traces.Calls[index].Operator) ?? throw conversion.Unsupported();
            convert(conversion);
        }

        converter.Finish();
        return converter.Graph;
    }

    /// <summary>Says which value of the graph stands for a tensor.</summary>
    public void Bind(TracedTensor tensor, string value) => _values[tensor] = value;

    /// <summary>The value that stands for a tensor; a constant is added when it is first asked for.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="call">The call that takes it.</param>
    public string ValueOf(TracedTensor tensor, int call)
    {
        if (!_values.TryGetValue(tensor, out string? value))
        {
            value = AddConstant(tensor, call);
            Bind(tensor, value);
        }

        return value;
    }

    private string AddConstant(TracedTensor tensor, int call)
    {
        if (_weightNames.TryGetValue(tensor, out string? name))
        {
            return Graph.Add(OnnxTensor.Of(name, tensor));
        }

        if (!_traces.IsConstant(tensor))
        {
            throw _traces.DiffersWithBatch(call, $"{_traces.Calls[call].Operator} takes a tensor that was made from the images without an operator, or at random");
        }

        string layer = _traces.Layer(call);
        return Graph.Add(OnnxTensor.Of(Graph.Unused(layer.Length == 0 ? "constant" : $"{layer}/constant"), tensor));
    }

    private void Finish()
    {
        string logits = _values[_traces.Logits];
        if (logits == OnnxExporter.InputName)
        {
            Graph.Rename(Graph.Add("", "Identity", [logits], 1, [])[0], OnnxExporter.OutputName);
        }
        else
        {
            Graph.Rename(logits, OnnxExporter.OutputName);
        }

        Graph.KeepOnly(OnnxExporter.OutputName);
    }
}
