using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>A trained vector for each word of a vocabulary: Int64 <c>[...]</c> to <c>[..., width]</c>. Weight <c>[words, width]</c>.</summary>
public sealed class Embedding : Module
{
    /// <summary>Makes the layer: standard normal, the padding's row 0.</summary>
    /// <param name="words">Size of the vocabulary; indices run from 0 up to, not including, this.</param>
    /// <param name="width">Features of a word.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <param name="padding">The word that fills up short texts: its vector starts as 0 and is not trained. Null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The padding is not a word of the vocabulary.</exception>
    public Embedding(long words, long width, Generator generator, long? padding = null)
    {
        if (padding is { } index && (index < 0 || index >= words))
        {
            throw new ArgumentOutOfRangeException(nameof(padding), index, $"The padding is a word of the vocabulary, from 0 to {words - 1}.");
        }

        using var scope = new TensorScope();
        Padding = padding;
        Tensor weight = Operators.Empty([words, width], DType.Float32).NormalInPlace(0, 1, generator);
        if (padding is { } row)
        {
            Initialization.Zero(weight.Select(0, row));
        }

        RegisterParameter("weight", weight);
    }

    /// <summary>The word that fills up short texts; null where there is none.</summary>
    public long? Padding { get; }

    /// <summary>The vectors <c>[words, width]</c>.</summary>
    public Tensor Weight => Parameter("weight");

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Operators.Embedding(Weight, input, Padding ?? -1);
}
