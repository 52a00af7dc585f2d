namespace DistillSharp.Weights;

/// <summary>The weights of a file do not fit a network.</summary>
/// <param name="path">The file.</param>
/// <param name="match">What fits, and what does not.</param>
public sealed class WeightsMismatchException(string path, WeightsMatch match)
    : Exception($"The weights of '{path}' do not fit the network. {match.Explain()}")
{
    /// <summary>What fits, and what does not.</summary>
    public WeightsMatch Match { get; } = match;
}
