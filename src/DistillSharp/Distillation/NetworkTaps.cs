namespace DistillSharp.Distillation;

/// <summary>The layers of a network that methods look at where none are named.</summary>
/// <param name="Model">The network's name in the zoo, for weights that were published for certain pairs; empty where it has none.</param>
/// <param name="Hint">The middle map.</param>
/// <param name="Penultimate">The vector before the classifier.</param>
/// <param name="Features">The maps from the first to the last, and then the vector before the classifier.</param>
/// <param name="Preactivations">For each map of <paramref name="Features"/> the same before its last ReLU.</param>
public sealed record NetworkTaps(
    string Model,
    string Hint,
    string Penultimate,
    IReadOnlyList<string> Features,
    IReadOnlyList<string> Preactivations)
{
    /// <summary>A network without layers: what stands for the teacher of methods that need none.</summary>
    public static NetworkTaps None { get; } = new("", "", "", [], []);
}
