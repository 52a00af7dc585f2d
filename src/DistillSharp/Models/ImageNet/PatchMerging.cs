using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// Halves a map and doubles its channels (Liu et al. 2021, section 3.1): each 2x2 neighbours in one, <c>[N, H, W, C]</c> to
/// <c>[N, ceil(H/2), ceil(W/2), 2C]</c>. Names are torchvision's.
/// </summary>
internal sealed class PatchMerging : Module
{
    private readonly Linear _reduction;
    private readonly LayerNorm _norm;

    /// <summary>Makes the layer.</summary>
    public PatchMerging(long width, Generator generator)
    {
        _reduction = Register("reduction", new Linear(4 * width, 2 * width, generator, bias: false));
        _norm = Register("norm", new LayerNorm(4 * width));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        (long oddHeight, long oddWidth) = (input.Size(1) % 2, input.Size(2) % 2);
        Tensor even = oddHeight + oddWidth == 0 ? input : input.ConstantPadNd([0, 0, 0, oddWidth, 0, oddHeight]);
        Tensor upper = even.Slice(1, 0, null, 2);
        Tensor lower = even.Slice(1, 1, null, 2);
        Tensor neighbours = Operators.Cat([upper.Slice(2, 0, null, 2), lower.Slice(2, 0, null, 2), upper.Slice(2, 1, null, 2), lower.Slice(2, 1, null, 2)], -1);
        return _reduction.Call(_norm.Call(neighbours));
    }
}
