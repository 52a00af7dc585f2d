using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>The dimensions in another order, without a copy.</summary>
/// <param name="dimensions">For each dimension of the output, the one of the input that it is.</param>
public sealed class Permute(params long[] dimensions) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Permute(dimensions);
}
