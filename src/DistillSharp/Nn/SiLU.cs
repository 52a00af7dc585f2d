using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>x·sigmoid(x), element by element; also called swish.</summary>
public sealed class SiLU : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Silu();
}
