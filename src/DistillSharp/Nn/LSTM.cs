using System.Globalization;
using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates), the batch first: <c>[B, T, in]</c> to <c>[B, T, D·H]</c>,
/// D = 2 where it reads in both directions and 1 elsewhere. PyTorch's names: <c>weight_ih_l0 [4H, in]</c>, <c>weight_hh_l0 [4H, H]</c>,
/// <c>bias_ih_l0</c> and <c>bias_hh_l0 [4H]</c>, gates in the order input, forget, cell, output; <c>_reverse</c> for the way back;
/// <c>_l1</c> and on for further layers.
/// </summary>
public sealed class LSTM : Module, ICountsMultiplyAdds
{
    private readonly long _hidden;
    private readonly int _layers;
    private readonly Dropout? _dropout;

    /// <summary>Makes the layers, every weight uniform in ±1/sqrt(H).</summary>
    /// <param name="inFeatures">Features of a step of the input.</param>
    /// <param name="hidden">H, features of the state.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <param name="layers">Layers above each other, 1 or more.</param>
    /// <param name="bidirectional">Whether each layer also reads backwards.</param>
    /// <param name="dropout">Share of a layer's outputs that the next layer does not see while training, from 0 up to, not including, 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no layer.</exception>
    public LSTM(long inFeatures, long hidden, Generator generator, int layers = 1, bool bidirectional = false, double dropout = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        _hidden = hidden;
        _layers = layers;
        IsBidirectional = bidirectional;
        for (int layer = 0; layer < layers; layer++)
        {
            foreach (string suffix in Suffixes(layer))
            {
                long width = layer == 0 ? inFeatures : Directions * hidden;
                RegisterParameter("weight_ih" + suffix, Initialization.UniformByFanIn([4 * hidden, width], hidden, generator));
                RegisterParameter("weight_hh" + suffix, Initialization.UniformByFanIn([4 * hidden, hidden], hidden, generator));
                RegisterParameter("bias_ih" + suffix, Initialization.UniformByFanIn([4 * hidden], hidden, generator));
                RegisterParameter("bias_hh" + suffix, Initialization.UniformByFanIn([4 * hidden], hidden, generator));
            }
        }

        // The operator's own dropout draws from libtorch's global generator, which nothing could resume.
        _dropout = dropout > 0 && layers > 1 ? Register("dropout", new Dropout(dropout)) : null;
    }

    /// <summary>Whether each layer also reads backwards.</summary>
    public bool IsBidirectional { get; }

    /// <summary>D·H, features of a step of the output.</summary>
    public long OutFeatures => Directions * _hidden;

    private int Directions => IsBidirectional ? 2 : 1;

    /// <summary>Those of the four gates at every step, padding included.</summary>
    public long MultiplyAdds(ReadOnlySpan<long> output) =>
        output[0] * output[1] * NamedParameters().Where(p => p.Key.StartsWith("weight", StringComparison.Ordinal)).Sum(p => p.Value.ElementCount);

    /// <summary>Reads sequences from a given state.</summary>
    /// <param name="input"><c>[B, T, in]</c>.</param>
    /// <param name="state">Where it starts; zeros where null.</param>
    /// <returns>The outputs of the last layer, and the state that every layer ends in.</returns>
    /// <exception cref="ArgumentException">The state has another shape.</exception>
    public LstmResult Read(Tensor input, LstmState? state = null)
    {
        LstmState start = state ?? Zeros(input.Size(0), input);
        Require(start, input.Size(0));
        (Tensor outputs, LstmState end) = Stack(input, start, (x, first, weights) =>
            Operators.Lstm(x, first, weights, hasBiases: true, 1, 0, IsTraining, IsBidirectional, batchFirst: true));
        return new LstmResult(Tapped(outputs), end);
    }

    /// <summary>
    /// Reads sequences of different lengths: the way forward stops at each one's end, and the way back starts there, as PyTorch
    /// does with packed sequences.
    /// </summary>
    /// <param name="input"><c>[B, T, in]</c>; what lies behind an end is not read.</param>
    /// <param name="lengths">Steps of each sequence, Int64 <c>[B]</c> on the CPU, from 1 to T, in any order.</param>
    /// <returns>The outputs, 0 behind the ends, and the states at the ends.</returns>
    /// <exception cref="ArgumentException">There is not one length a sequence, or a length is out of range.</exception>
    public LstmResult Read(Tensor input, Tensor lengths)
    {
        Require(lengths, input);
        (Tensor sorted, Tensor order) = lengths.Sort(0, descending: true);
        Tensor way = order.To(input.Device);
        Tensor back = order.Sort(0).Item2.To(input.Device);
        (Tensor packed, Tensor batchSizes) = Operators.PackPaddedSequence(input.IndexSelect(0, way), sorted, batchFirst: true);
        (Tensor outputs, LstmState end) = Stack(packed, Zeros(input.Size(0), input), (x, first, weights) =>
            Operators.Lstm(x, batchSizes, first, weights, hasBiases: true, 1, 0, IsTraining, IsBidirectional));
        (Tensor padded, _) = Operators.PadPackedSequence(outputs, batchSizes, batchFirst: true, 0, input.Size(1));
        return new LstmResult(
            Tapped(padded.IndexSelect(0, back)),
            new LstmState(end.Hidden.IndexSelect(1, back), end.Cell.IndexSelect(1, back)));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        (Tensor outputs, _) = Stack(input, Zeros(input.Size(0), input), (x, first, weights) =>
            Operators.Lstm(x, first, weights, hasBiases: true, 1, 0, IsTraining, IsBidirectional, batchFirst: true));
        return outputs;
    }

    private (Tensor Outputs, LstmState End) Stack(Tensor input, LstmState start, Func<Tensor, Tensor[], Tensor[], (Tensor, Tensor, Tensor)> read)
    {
        Tensor current = input;
        var hidden = new Tensor[_layers];
        var cells = new Tensor[_layers];
        for (int layer = 0; layer < _layers; layer++)
        {
            if (layer > 0 && _dropout is not null)
            {
                current = _dropout.Call(current);
            }

            Tensor[] first = [Part(start.Hidden, layer), Part(start.Cell, layer)];
            (current, hidden[layer], cells[layer]) = read(current, first, Weights(layer));
        }

        return (current, new LstmState(Operators.Cat(hidden), Operators.Cat(cells)));
    }

    private Tensor Part(Tensor state, int layer) => state.Narrow(0, layer * Directions, Directions);

    private Tensor[] Weights(int layer) =>
        [.. Suffixes(layer).SelectMany(s => new[] { "weight_ih" + s, "weight_hh" + s, "bias_ih" + s, "bias_hh" + s }).Select(Parameter)];

    private string[] Suffixes(int layer)
    {
        string name = "_l" + layer.ToString(CultureInfo.InvariantCulture);
        return IsBidirectional ? [name, name + "_reverse"] : [name];
    }

    private LstmState Zeros(long batch, Tensor like)
    {
        long[] shape = [_layers * Directions, batch, _hidden];
        return new LstmState(Operators.Zeros(shape, like.DType, like.Device), Operators.Zeros(shape, like.DType, like.Device));
    }

    private void Require(LstmState state, long batch)
    {
        long[] expected = [_layers * Directions, batch, _hidden];
        if (!state.Hidden.Shape.SequenceEqual(expected) || !state.Cell.Shape.SequenceEqual(expected))
        {
            throw new ArgumentException($"A state of shape [{string.Join(", ", expected)}] was expected, found {state.Hidden} and {state.Cell}.", nameof(state));
        }
    }

    private static void Require(Tensor lengths, Tensor input)
    {
        if (lengths.Dimensions != 1 || lengths.Size(0) != input.Size(0) || lengths.Min().Item() < 1 || lengths.Max().Item() > input.Size(1))
        {
            throw new ArgumentException($"{input.Size(0)} lengths from 1 to {input.Size(1)} were expected, found [{string.Join(", ", lengths.ToArray<long>())}].", nameof(lengths));
        }
    }
}
