namespace DistillSharp.Weights;

/// <summary>A tensor that the file has in another shape than the network.</summary>
/// <param name="Entry">As the network has it.</param>
/// <param name="Found">The shape in the file.</param>
public sealed record MisshapenWeights(WeightsEntry Entry, IReadOnlyList<long> Found);
