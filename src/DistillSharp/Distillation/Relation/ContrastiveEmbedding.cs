using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>A linear layer and a division by the length: features <c>[B, ...]</c>, flattened, to unit vectors <c>[B, dimension]</c> (Tian et al. 2020, section 3.1).</summary>
public sealed class ContrastiveEmbedding : Module
{
    private readonly Linear _linear;

    /// <summary>Makes the layer with PyTorch's default initialisation.</summary>
    /// <param name="features">Features of one example, all dimensions together.</param>
    /// <param name="dimension">Size of the embedding.</param>
    /// <param name="generator">Where the weights come from.</param>
    public ContrastiveEmbedding(long features, long dimension, Generator generator) =>
        _linear = Register("linear", new Linear(features, dimension, generator));

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor embedded = _linear.Call(input.Flatten(1));
        return embedded / embedded.Square().Sum(1, keepdim: true).Sqrt();
    }
}
