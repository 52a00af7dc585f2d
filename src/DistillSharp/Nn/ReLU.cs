using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>max(x, 0), element by element.</summary>
public sealed class ReLU : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Relu();
}
