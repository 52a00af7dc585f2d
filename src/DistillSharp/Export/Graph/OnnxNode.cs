namespace DistillSharp.Export;

/// <summary>One node of the graph.</summary>
/// <param name="Operator">ONNX's name of the operator.</param>
/// <param name="Name">The node's own name, for messages: the layer and the operator.</param>
/// <param name="Inputs">Values that it takes; empty for an optional one that is left out.</param>
/// <param name="Outputs">Values that it gives.</param>
/// <param name="Attributes">Its attributes.</param>
internal sealed record OnnxNode(
    string Operator, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<OnnxAttribute> Attributes);
