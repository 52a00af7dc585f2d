using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>The mean of each window of a map.</summary>
/// <param name="kernel">Height and width of the window.</param>
public sealed class AvgPool2d(long kernel) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.AvgPool2d([kernel, kernel]);
}
