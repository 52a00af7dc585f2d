using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>
/// Layer normalisation (Ba et al. 2016) over the last dimension: <c>[..., F]</c> to the same shape, each vector brought to mean 0 and
/// variance 1, then scaled and shifted. Weight and bias <c>[F]</c>.
/// </summary>
public sealed class LayerNorm : Module
{
    private readonly long[] _shape;
    private readonly double _epsilon;

    /// <summary>Makes the layer: weight 1, bias 0.</summary>
    /// <param name="features">Size of the last dimension.</param>
    /// <param name="epsilon">What is added to the variance before its root is taken; above 0.</param>
    public LayerNorm(long features, double epsilon = 1e-5)
    {
        _shape = [features];
        _epsilon = epsilon;
        RegisterParameter("weight", Operators.Ones([features]));
        RegisterParameter("bias", Operators.Zeros([features]));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Operators.LayerNorm(input, _shape, Parameter("weight"), Parameter("bias"), _epsilon);
}
