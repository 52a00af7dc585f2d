using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>The mean of each map: <c>[N, C, H, W]</c> to <c>[N, C]</c>.</summary>
public sealed class GlobalAvgPool2d : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Mean([2, 3]);
}
