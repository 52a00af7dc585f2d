using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// The unit of ShuffleNet V2 that keeps the size: half the channels pass, half go through a 1x1, a 3x3 on each channel alone and a
/// 1x1 convolution; then both are mixed (Ma et al. 2018, figure 3c). <c>preact</c> names the mixed map before the last ReLU, which
/// leaves the passing half as it is: it was rectified before.
/// </summary>
public sealed class SplitShuffleUnit : Module, IFoldable
{
    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;
    private readonly Conv2d _conv2;
    private readonly BatchNorm2d _bn2;
    private readonly Conv2d _conv3;
    private readonly BatchNorm2d _bn3;
    private readonly ChannelShuffle _shuffle;
    private readonly Identity _mixed;

    /// <summary>Makes the unit.</summary>
    /// <param name="channels">Channels of input and output, an even number; the input has no negative values.</param>
    /// <param name="generator">Where the weights come from.</param>
    public SplitShuffleUnit(long channels, Generator generator)
    {
        long half = channels / 2;
        _conv1 = Register("conv1", new Conv2d(half, half, 1, generator, bias: false));
        _bn1 = Register("bn1", new BatchNorm2d(half));
        _conv2 = Register("conv2", new Conv2d(half, half, 3, generator, padding: 1, groups: half, bias: false));
        _bn2 = Register("bn2", new BatchNorm2d(half));
        _conv3 = Register("conv3", new Conv2d(half, half, 1, generator, bias: false));
        _bn3 = Register("bn3", new BatchNorm2d(half));
        _shuffle = Register("shuffle", new ChannelShuffle(2));
        _mixed = Register("preact", new Identity());
    }

    /// <inheritdoc/>
    public IEnumerable<(Conv2d Convolution, BatchNorm2d Norm)> FoldablePairs => [(_conv1, _bn1), (_conv2, _bn2), (_conv3, _bn3)];

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        // One cut, not two views: its gradient is one joined map, where views would each fill a whole one with zeros.
        Tensor[] halves = input.Chunk(2, 1);
        Tensor x = _bn1.Call(_conv1.Call(halves[1])).Relu();
        x = _bn2.Call(_conv2.Call(x));
        x = _bn3.Call(_conv3.Call(x));
        return _mixed.Call(_shuffle.Call(Operators.Cat([halves[0], x], 1))).Relu();
    }
}
