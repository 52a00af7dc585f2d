using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>
/// Tokens of image patches as a map: <c>[N, height·width, C]</c>, patches row by row, to <c>[N, C, height, width]</c>, without a copy.
/// Networks of tokens pass through it so that methods and analyses that look at maps have a layer to tap.
/// </summary>
/// <param name="height">Patches above each other.</param>
/// <param name="width">Patches side by side.</param>
public sealed class TokensToMap(long height, long width) : Module
{
    /// <summary>The way back: <c>[N, C, H, W]</c> to <c>[N, H·W, C]</c>.</summary>
    public static Tensor Back(Tensor map) => map.Flatten(2).Transpose(1, 2);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Transpose(1, 2).Reshape([input.Size(0), input.Size(2), height, width]);
}
