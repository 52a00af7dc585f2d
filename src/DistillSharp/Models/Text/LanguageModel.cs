using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// Predicts the next word of texts: an embedding, an <see cref="LSTM"/>, and a linear decoder at every step, whose weights may be the embedding's
/// (Press and Wolf 2017). Int64 <c>[B, T]</c> to logits <c>[B, T, V]</c>; step t has seen the words 0 to t.
/// </summary>
/// <remarks>The state dict is <c>embedding.weight</c>, <c>lstm.weight_ih_l0</c> and so on, <c>decoder.weight</c>, <c>decoder.bias</c>; tied weights stand in it twice, as in PyTorch.</remarks>
public sealed class LanguageModel : Module
{
    private readonly Embedding _embedding;
    private readonly Dropout _dropout;
    private readonly LSTM _lstm;
    private readonly Module _decoder;

    /// <summary>Makes the network.</summary>
    /// <param name="size">Vocabulary, widths and the like; in one direction.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <param name="tied">Whether the decoder's weights are the embedding's; then the hidden state is as wide as a word.</param>
    /// <exception cref="ArgumentException">It would read backwards, or tied widths differ.</exception>
    public LanguageModel(RecurrentSize size, Generator generator, bool tied = false)
    {
        if (size.Bidirectional)
        {
            throw new ArgumentException("A language model reads in one direction: backwards it would see the words that it is to predict.", nameof(size));
        }

        if (tied && size.Hidden != size.EmbeddingWidth)
        {
            throw new ArgumentException($"Tied weights need a state as wide as a word: {nameof(size.Hidden)} is {size.Hidden}, {nameof(size.EmbeddingWidth)} is {size.EmbeddingWidth}. Make them equal, or do not tie.", nameof(size));
        }

        _embedding = Register("embedding", new Embedding(size.Words, size.EmbeddingWidth, generator, size.Padding));
        _dropout = Register("dropout", new Dropout(size.Dropout));
        _lstm = Register("lstm", new LSTM(size.EmbeddingWidth, size.Hidden, generator, size.Layers, dropout: size.Dropout));
        _decoder = Register<Module>("decoder", tied ? new TiedDecoder(_embedding) : new Linear(size.Hidden, size.Words, generator));
    }

    /// <summary>The layer that gives out every step's features, <c>[B, T, H]</c>.</summary>
    public string SequenceLayer => "lstm";

    /// <summary>Reads on where another piece of the same texts ended.</summary>
    /// <param name="words">Int64 <c>[B, T]</c>.</param>
    /// <param name="state">Where it starts; zeros where null. Detach the end of a piece before the next.</param>
    /// <returns>The logits <c>[B, T, V]</c>, and the state at the end.</returns>
    public (Tensor Logits, LstmState End) Read(Tensor words, LstmState? state = null)
    {
        LstmResult read = _lstm.Read(_dropout.Call(_embedding.Call(words)), state);
        return (_decoder.Call(_dropout.Call(read.Outputs)), read.End);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Read(input).Logits;
}
