namespace DistillSharp.Weights;

/// <summary>A tensor of the network that the file does not have.</summary>
/// <param name="Entry">Its name in the network, type and shape.</param>
/// <param name="Candidates">Unexpected tensors of the same shape whose names are nearest, at most three; for the first twenty that are missing.</param>
public sealed record MissingWeights(WeightsEntry Entry, IReadOnlyList<string> Candidates);
