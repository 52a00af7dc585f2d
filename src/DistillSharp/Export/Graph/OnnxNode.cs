namespace DistillSharp.Export;

/// <summary>One node of the graph.</summary>
/// <param name="Operator">ONNX's name of the operator.</param>
/// <param name="Name">The node's own name, for messages: the layer and the operator.</param>
/// <param name="Inputs">Values that it takes; empty for an optional one that is left out.</param>
/// <param name="Outputs">Values that it gives.</param>
/// <param name="Attributes">Its attributes.</param>
internal sealed record OnnxNode(
    string Operator, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<OnnxAttribute> Attributes);

/// <summary>An attribute of a node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">A <c>long</c>, <c>float</c>, <c>string</c> or <c>long[]</c>.</param>
internal readonly record struct OnnxAttribute(string Name, object Value)
{
    public static implicit operator OnnxAttribute((string Name, long Value) pair) => new(pair.Name, pair.Value);

    public static implicit operator OnnxAttribute((string Name, double Value) pair) => new(pair.Name, (float)pair.Value);

    public static implicit operator OnnxAttribute((string Name, string Value) pair) => new(pair.Name, pair.Value);

    public static implicit operator OnnxAttribute((string Name, IEnumerable<long> Value) pair) => new(pair.Name, pair.Value.ToArray());

    public static implicit operator OnnxAttribute((string Name, long[] Value) pair) => new(pair.Name, pair.Value);
}
