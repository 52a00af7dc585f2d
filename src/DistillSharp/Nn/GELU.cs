using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>x·Φ(x), element by element, with the exact normal distribution function (Hendrycks and Gimpel 2016).</summary>
public sealed class GELU : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Gelu();
}
