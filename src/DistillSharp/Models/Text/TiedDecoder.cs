using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>A linear layer from features to words whose weights are an embedding's: <c>[..., width]</c> to <c>[..., words]</c>.</summary>
internal sealed class TiedDecoder : Module, ICountsMultiplyAdds
{
    private readonly Embedding _embedding;

    /// <summary>Makes the layer: bias 0.</summary>
    public TiedDecoder(Embedding embedding)
    {
        _embedding = embedding;
        RegisterShared("weight", embedding, "weight");
        RegisterParameter("bias", Operators.Zeros([embedding.Weight.Size(0)]));
    }

    /// <inheritdoc/>
    public long MultiplyAdds(ReadOnlySpan<long> output) => output[0] * output[1] * _embedding.Weight.ElementCount;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Operators.Linear(input, _embedding.Weight, Parameter("bias"));
}
