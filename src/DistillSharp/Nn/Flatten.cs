using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>All dimensions but the first in one: <c>[N, ...]</c> to <c>[N, F]</c>.</summary>
public sealed class Flatten : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Flatten(1);
}
