using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>Maps of any size brought to one size by means over windows: <c>[N, C, H, W]</c> to <c>[N, C, size, size]</c>.</summary>
/// <param name="size">Height and width of the output; a smaller input is repeated.</param>
public sealed class AdaptiveAvgPool2d(long size) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.AdaptiveAvgPool2d([size, size]);
}
