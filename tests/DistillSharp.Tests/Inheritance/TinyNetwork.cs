using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>
/// The smallest network with a map to look at: a 3x3 convolution, ReLU, and a linear layer on the whole map, so that fresh weights
/// already tell random images apart. Dropout before the linear layer makes evaluation in training mode fail.
/// </summary>
internal sealed class TinyNetwork : ImageModel
{
    private readonly Module _conv;
    private readonly Module _map;
    private readonly Module _flatten;
    private readonly Module _dropout;
    private readonly TinyInput _input;

    public TinyNetwork(Generator generator, TinyInput input, int stride)
    {
        _input = input;
        _conv = Register("conv", new Conv2d(1, 4, 3, generator, stride, padding: 1));
        _map = Register("map", new ReLU());
        _flatten = Register("vector", new Flatten());
        _dropout = Register("dropout", new Dropout(0.5));
        int side = TinyClassifiers.Side / stride;
        Output = Register("fc", new Linear(4 * side * side, TinyClassifiers.Classes, generator));
    }

    public Linear Output { get; }

    public override IReadOnlyList<string> FeatureLayers => ["map", "vector"];

    /// <summary>What the network does to its input.</summary>
    public TinyInput Input => _input;

    protected override Tensor Forward(Tensor input) => Output.Call(_dropout.Call(_flatten.Call(_map.Call(_conv.Call(Seen(input))))));

    private Tensor Seen(Tensor input)
    {
        if (_input == TinyInput.Centred)
        {
            Tensor centred = input - input.Mean([1, 2, 3], keepdim: true);
            return centred / centred.Square().Mean([1, 2, 3], keepdim: true).Sqrt();
        }

        return _input == TinyInput.Stepped ? (input * 4.0).Floor() / 4.0 : input;
    }
}
