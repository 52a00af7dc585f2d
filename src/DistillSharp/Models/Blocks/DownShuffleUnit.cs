using System.Globalization;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// The unit of ShuffleNet V2 that halves the size: two branches, each with a 3x3 convolution of stride 2 on each channel alone, mixed
/// (Ma et al. 2018, figure 3d). <c>preact</c> names the mixed map before the last ReLU.
/// </summary>
public sealed class DownShuffleUnit : Module, IFoldable
{
    private readonly List<(Conv2d Convolution, BatchNorm2d Norm)> _layers = [];
    private readonly ChannelShuffle _shuffle;
    private readonly Identity _mixed;

    /// <summary>Makes the unit.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output, an even number: half from each branch.</param>
    /// <param name="generator">Where the weights come from.</param>
    public DownShuffleUnit(long inChannels, long outChannels, Generator generator)
    {
        long half = outChannels / 2;
        Add(new Conv2d(inChannels, inChannels, 3, generator, stride: 2, padding: 1, groups: inChannels, bias: false));
        Add(new Conv2d(inChannels, half, 1, generator, bias: false));
        Add(new Conv2d(inChannels, half, 1, generator, bias: false));
        Add(new Conv2d(half, half, 3, generator, stride: 2, padding: 1, groups: half, bias: false));
        Add(new Conv2d(half, half, 1, generator, bias: false));
        _shuffle = Register("shuffle", new ChannelShuffle(2));
        _mixed = Register("preact", new Identity());
    }

    /// <inheritdoc/>
    public IEnumerable<(Conv2d Convolution, BatchNorm2d Norm)> FoldablePairs => _layers;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor left = Normalized(1, Normalized(0, input));
        Tensor right = Normalized(4, Normalized(3, Normalized(2, input).Relu()));
        return _mixed.Call(_shuffle.Call(Operators.Cat([left, right], 1))).Relu();
    }

    private Tensor Normalized(int layer, Tensor input) => _layers[layer].Norm.Call(_layers[layer].Convolution.Call(input));

    private void Add(Conv2d convolution)
    {
        string number = (_layers.Count + 1).ToString(CultureInfo.InvariantCulture);
        Register("conv" + number, convolution);
        _layers.Add((convolution, Register("bn" + number, new BatchNorm2d(convolution.OutChannels))));
    }
}
