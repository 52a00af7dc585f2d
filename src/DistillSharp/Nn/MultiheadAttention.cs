using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>
/// Self-attention with several heads (Vaswani et al. 2017, section 3.2): <c>[N, L, E]</c> to the same shape. PyTorch's names:
/// <c>in_proj_weight [3E, E]</c> (queries, keys, values), <c>in_proj_bias [3E]</c>, and the linear layer <c>out_proj</c>.
/// </summary>
public sealed class MultiheadAttention : Module, ICountsMultiplyAdds
{
    private readonly long _heads;
    private readonly Linear _output;

    /// <summary>Makes the layer with PyTorch's initialisation: Xavier uniform for the input projection, biases 0.</summary>
    /// <param name="width">E, features of a token.</param>
    /// <param name="heads">How many heads share them.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <exception cref="ArgumentException">The width is not a multiple of the number of heads.</exception>
    public MultiheadAttention(long width, long heads, Generator generator)
    {
        if (heads < 1 || width % heads != 0)
        {
            throw new ArgumentException($"Attention of width {width} cannot be shared by {heads} heads: choose a width that is a multiple of the number of heads.", nameof(heads));
        }

        _heads = heads;
        Tensor projection = Operators.Empty([3 * width, width], DType.Float32);
        Initialization.XavierUniform(projection, generator);
        RegisterParameter("in_proj_weight", projection);
        RegisterParameter("in_proj_bias", Operators.Zeros([3 * width]));
        _output = Register("out_proj", new Linear(width, width, generator));
        Initialization.Zero(_output.Bias!);
    }

    /// <summary>Those of the projection of the input, of the scores, and of the mixing by them; the output's layer counts its own.</summary>
    public long MultiplyAdds(ReadOnlySpan<long> output) => output[0] * output[1] * output[2] * ((3 * output[2]) + (2 * output[1]));

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        (long count, long length, long width) = (input.Size(0), input.Size(1), input.Size(2));
        Tensor projected = Operators.Linear(input, Parameter("in_proj_weight"), Parameter("in_proj_bias"));

        // [3, N, heads, L, E/heads]
        Tensor[] parts = projected.View([count, length, 3, _heads, width / _heads]).Permute([2, 0, 3, 1, 4]).Unbind(0);
        Tensor scores = (parts[0] * (1 / Math.Sqrt(width / _heads))).Matmul(parts[1].Transpose(2, 3));
        Tensor mixed = scores.Softmax(-1).Matmul(parts[2]);
        return _output.Call(mixed.Transpose(1, 2).Reshape([count, length, width]));
    }
}
