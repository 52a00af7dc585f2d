namespace DistillSharp.Models;

/// <summary>The size of a vision transformer.</summary>
/// <param name="Patch">Height and width of a patch, pixels.</param>
/// <param name="Width">Features of a token.</param>
/// <param name="Depth">Layers, 1 or more.</param>
/// <param name="Heads">Heads of the attention; they share the width.</param>
/// <param name="Hidden">Features between the two linear layers of each layer.</param>
/// <param name="Dropout">Share that is dropped while training, from 0 up to, not including, 1.</param>
public sealed record TransformerSize(int Patch, long Width, int Depth, long Heads, long Hidden, double Dropout = 0)
{
    /// <summary>What the norms add to the variance before its root is taken.</summary>
    internal const double Epsilon = 1e-6;
}
