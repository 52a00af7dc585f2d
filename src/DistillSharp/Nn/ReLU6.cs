using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>min(max(x, 0), 6), element by element.</summary>
public sealed class ReLU6 : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Hardtanh(0, 6);
}
