using DistillSharp.Torch;

namespace DistillSharp.Export;

/// <summary>
/// One operator call on its way into the graph: its arguments as names of values and as numbers that hold for every batch, and the means
/// to add nodes. Converters see nothing else.
/// </summary>
internal sealed class OperatorConversion(GraphConverter converter, TracePair traces, int index)
{
    private readonly OperatorCall _call = traces.Calls[index];
    private readonly OperatorCall _other = traces.Second.Calls[index];

    /// <summary>The graph.</summary>
    public OnnxGraph Graph => converter.Graph;

    /// <summary>True where an argument was given.</summary>
    public bool Has(string argument) => _call[argument] is not null;

    /// <summary>True where the operator has an argument of that name at all.</summary>
    public bool HasArgument(string argument) => _call.ArgumentNames.Contains(argument);

    /// <summary>A tensor among the arguments.</summary>
    public TracedTensor Tensor(string argument) => _call.Tensor(argument);

    /// <summary>A tensor that the call gave.</summary>
    public TracedTensor Result(int result = 0) => _call.Results[result];

    /// <summary>How many tensors the call gave.</summary>
    public int ResultCount => _call.Results.Count;

    /// <summary>How many dimensions a tensor has.</summary>
    public int Rank(string argument) => _call.Tensor(argument).Shape.Count;

    /// <summary>The name of an argument's value in the graph.</summary>
    public string Value(string argument) => converter.ValueOf(_call.Tensor(argument), index);

    /// <summary>The same; empty, ONNX's way to leave an input out, where none was given.</summary>
    public string OptionalValue(string argument) => _call.OptionalTensor(argument) is { } tensor ? converter.ValueOf(tensor, index) : "";

    /// <summary>The names of a list's values.</summary>
    public string[] Values(string argument) => [.. _call.Tensors(argument).Select(t => converter.ValueOf(t, index))];

    /// <summary>The sizes of a tensor for every batch.</summary>
    public BatchedSize[] Shape(TracedTensor tensor) => traces.Shape(tensor);

    /// <summary>One size of a tensor that is the same for every batch.</summary>
    public long FixedSize(TracedTensor tensor, int dimension) =>
        Shape(tensor)[dimension] is { IsFixed: true } size
            ? size.Fixed
            : throw traces.DiffersWithBatch(index, $"{_call.Operator} needs the size of dimension {dimension}, which depends on the batch");

    /// <summary>A whole number that is the same for every batch.</summary>
    public long Integer(string argument) => Same(argument, c => c.Integer(argument));

    /// <summary>A whole number that is the same for every batch, or null.</summary>
    public long? OptionalInteger(string argument) => Same(argument, c => c.OptionalInteger(argument));

    /// <summary>A number that is the same for every batch.</summary>
    public double Number(string argument) => Same(argument, c => c.Number(argument));

    /// <summary>A number that is the same for every batch, or null.</summary>
    public double? OptionalNumber(string argument) => Same(argument, c => c.OptionalNumber(argument));

    /// <summary>A truth value.</summary>
    public bool Flag(string argument) => Same(argument, c => c.Flag(argument));

    /// <summary>A text.</summary>
    public string Text(string argument) => Same(argument, c => c.Text(argument));

    /// <summary>Whole numbers that are the same for every batch; empty where none were given.</summary>
    public long[] Integers(string argument)
    {
        IReadOnlyList<long> mine = _call.Integers(argument);
        return mine.SequenceEqual(_other.Integers(argument))
            ? [.. mine]
            : throw traces.DiffersWithBatch(index, $"the argument '{argument}' of {_call.Operator} depends on the batch");
    }

    /// <summary>A dimension, counted from the first.</summary>
    /// <param name="argument">Which argument says it.</param>
    /// <param name="rank">How many dimensions there are.</param>
    public int Dimension(string argument, int rank) => Counted(Integer(argument), rank);

    /// <summary>Dimensions, counted from the first; all of them where none are given.</summary>
    public long[] Dimensions(string argument, int rank) =>
        Integers(argument) is { Length: > 0 } given ? [.. given.Select(d => (long)Counted(d, rank))] : [.. Enumerable.Range(0, rank).Select(d => (long)d)];

    /// <summary>Adds a node with one output.</summary>
    /// <returns>The output's name.</returns>
    public string Node(string op, IReadOnlyList<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
        Graph.Add(traces.Layer(index), op, inputs, 1, attributes.ToArray())[0];

    /// <summary>Adds a node with several outputs.</summary>
    public IReadOnlyList<string> Node(string op, IReadOnlyList<string> inputs, int outputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
        Graph.Add(traces.Layer(index), op, inputs, outputs, attributes.ToArray());

    /// <summary>One number of the type of the call's result.</summary>
    public string Scalar(double value) => Graph.Scalar(value, Result().DType);

    /// <summary>Says which value stands for a result.</summary>
    public void Give(string value, int result = 0) => converter.Bind(_call.Results[result], value);

    /// <summary>A value in another shape.</summary>
    public string Reshaped(string value, BatchedSize[] shape)
    {
        if (shape.Any(s => s is { IsFixed: true, Fixed: 0 }))
        {
            throw Unsupported("its result is empty");
        }

        // One size may be left to the reader to compute; only where the batch is in several does the graph compute them.
        return Node("Reshape", [value, shape.Count(s => !s.IsFixed) > 1 ? ShapeValue(shape) : Graph.Constant([.. shape.Select(s => s.IsFixed ? s.Fixed : -1)])]);
    }

    /// <summary>A shape as a value: a constant where it is the same for every batch, and computed from the images' shape where not.</summary>
    public string ShapeValue(BatchedSize[] shape)
    {
        if (shape.All(s => s.IsFixed))
        {
            return Graph.Constant([.. shape.Select(s => s.Fixed)]);
        }

        string[] sizes = [.. shape.Select(SizeValue)];
        return sizes.Length == 1 ? sizes[0] : Node("Concat", sizes, ("axis", 0L));
    }

    /// <summary>Fails where the condition does not hold.</summary>
    /// <param name="holds">The condition.</param>
    /// <param name="what">What is not supported, as the end of a sentence about the operator.</param>
    public void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw Unsupported(what);
        }
    }

    /// <summary>The error for an operator that cannot be exported.</summary>
    /// <param name="why">Why, as the end of a sentence about the operator; null where there is no converter at all.</param>
    public OnnxExportException Unsupported(string? why = null) => new(
        $"The network cannot be exported to ONNX: there is no way to write {_call}, called {traces.Place(index)}{(why is null ? "" : $": {why}")}. "
        + "Networks of the zoo export; in one of your own, use other operators there.");

    /// <summary>A dimension that may be counted from the last, counted from the first.</summary>
    public static int Counted(long dimension, int rank) => (int)(dimension < 0 ? dimension + rank : dimension);

    private string SizeValue(BatchedSize size)
    {
        if (size.IsFixed)
        {
            return Graph.Constant(size.Fixed);
        }

        string value = Node("Shape", [OnnxExporter.InputName], ("start", 0L), ("end", 1L));
        value = size.PerImage == 1 ? value : Node("Mul", [value, Graph.Constant(size.PerImage)]);
        return size.Fixed == 0 ? value : Node("Add", [value, Graph.Constant(size.Fixed)]);
    }

    private T Same<T>(string argument, Func<OperatorCall, T> read)
    {
        T mine = read(_call);
        return EqualityComparer<T>.Default.Equals(mine, read(_other))
            ? mine
            : throw traces.DiffersWithBatch(index, $"the argument '{argument}' of {_call.Operator} depends on the batch");
    }
}
