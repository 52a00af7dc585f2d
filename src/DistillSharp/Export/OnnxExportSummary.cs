namespace DistillSharp.Export;

/// <summary>What was written.</summary>
/// <param name="Nodes">How many operators the graph has.</param>
/// <param name="Bytes">How long the file is.</param>
/// <param name="Input">The input's name and shape, e.g. <c>images [N, 3, 32, 32]</c>.</param>
/// <param name="Output">The output's name and shape, e.g. <c>logits [N, 100]</c>.</param>
public sealed record OnnxExportSummary(int Nodes, long Bytes, string Input, string Output);
