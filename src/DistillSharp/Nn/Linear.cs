using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>A linear layer: <c>[N, in]</c> to <c>[N, out]</c>. Weight <c>[out, in]</c>, bias <c>[out]</c>.</summary>
public sealed class Linear : Module, ICountsMultiplyAdds
{
    private readonly bool _hasBias;

    /// <summary>Makes the layer with PyTorch's default initialisation.</summary>
    public Linear(long inFeatures, long outFeatures, Generator generator, bool bias = true)
    {
        _hasBias = bias;
        RegisterParameter("weight", Initialization.UniformByFanIn([outFeatures, inFeatures], inFeatures, generator));
        if (bias)
        {
            RegisterParameter("bias", Initialization.UniformByFanIn([outFeatures], inFeatures, generator));
        }
    }

    /// <summary>The weights <c>[out, in]</c>.</summary>
    public Tensor Weight => Parameter("weight");

    /// <summary>The bias <c>[out]</c>; null where there is none.</summary>
    public Tensor? Bias => _hasBias ? Parameter("bias") : null;

    /// <inheritdoc/>
    public long MultiplyAdds(ReadOnlySpan<long> output)
    {
        long rows = 1;
        foreach (long size in output[..^1])
        {
            rows *= size;
        }

        return rows * Weight.ElementCount;
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Operators.Linear(input, Weight, Bias);
}
