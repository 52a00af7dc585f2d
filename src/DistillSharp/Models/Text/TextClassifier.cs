using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// Classifies texts: an embedding of words, an <see cref="LSTM"/> in one direction or both, and a linear layer on the last layer's states at the
/// ends (Tang et al. 2019 distil BERT into such a network). Int64 <c>[B, T]</c> to logits <c>[B, classes]</c>.
/// </summary>
/// <remarks>
/// Texts of different lengths are filled up behind their ends with the padding's word, which is not read. A text of nothing else counts as one
/// word of padding. The state dict is <c>embedding.weight</c>, <c>lstm.weight_ih_l0</c> and so on, <c>fc.weight</c>, <c>fc.bias</c>.
/// </remarks>
public sealed class TextClassifier : Module
{
    private readonly Embedding _embedding;
    private readonly LSTM _lstm;
    private readonly Identity _state;
    private readonly Dropout _dropout;
    private readonly Linear _fc;

    /// <summary>Makes the network.</summary>
    /// <param name="size">Vocabulary, widths and the like.</param>
    /// <param name="classes">How many classes the logits tell apart.</param>
    /// <param name="generator">Where the weights come from.</param>
    public TextClassifier(RecurrentSize size, long classes, Generator generator)
    {
        _embedding = Register("embedding", new Embedding(size.Words, size.EmbeddingWidth, generator, size.Padding));
        _lstm = Register("lstm", new LSTM(size.EmbeddingWidth, size.Hidden, generator, size.Layers, size.Bidirectional, size.Dropout));
        _state = Register("state", new Identity());
        _dropout = Register("dropout", new Dropout(size.Dropout));
        _fc = Register("fc", new Linear(_lstm.OutFeatures, classes, generator));
    }

    /// <summary>The layer whose output <c>[B, D·H]</c> enters the classifier: the states at the ends, forward and then backward.</summary>
    public string PenultimateLayer => "state";

    /// <summary>The layer that gives out every step's features, <c>[B, T, D·H]</c>.</summary>
    public string SequenceLayer => "lstm";

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor words = _embedding.Call(input);
        LstmResult read = _embedding.Padding is { } padding ? _lstm.Read(words, Lengths(input, padding)) : _lstm.Read(words);
        Tensor hidden = read.End.Hidden;
        Tensor last = _lstm.IsBidirectional ? Operators.Cat([hidden.Select(0, -2), hidden.Select(0, -1)], 1) : hidden.Select(0, -1);
        return _fc.Call(_dropout.Call(_state.Call(last)));
    }

    /// <summary>For each text, the position behind its last word that is not padding; 1 at least.</summary>
    private static Tensor Lengths(Tensor input, long padding)
    {
        Tensor positions = Operators.Arange(1, input.Size(1) + 1).To(input.Device);
        return (input.Ne(padding).To(DType.Int64) * positions).Amax([1]).ClampMin(1).To(Device.Cpu);
    }
}
