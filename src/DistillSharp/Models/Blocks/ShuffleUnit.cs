using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// The unit of ShuffleNet: 1x1 convolutions in groups of channels, which a shuffle mixes, around a 3x3 on each channel alone
/// (Zhang et al. 2018, figure 2). With stride 2 the shortcut is averaged and its channels are appended; else it is added.
/// <c>preact</c> names the map before the last ReLU.
/// </summary>
public sealed class ShuffleUnit : Module, IFoldable, IResidualBlock
{
    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;
    private readonly ChannelShuffle _shuffle;
    private readonly Conv2d _conv2;
    private readonly BatchNorm2d _bn2;
    private readonly Conv2d _conv3;
    private readonly AvgPool2d? _shortcut;
    private readonly Identity _joined;

    /// <summary>Makes the unit.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the convolutions' output; with stride 2 the input's channels come on top.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="firstGroups">Groups of the first 1x1 convolution: one where the input has few channels.</param>
    /// <param name="groups">Groups of the second 1x1 convolution.</param>
    /// <param name="generator">Where the weights come from.</param>
    public ShuffleUnit(long inChannels, long outChannels, long stride, long firstGroups, long groups, Generator generator)
    {
        long width = outChannels / 4;
        _conv1 = Register("conv1", new Conv2d(inChannels, width, 1, generator, groups: firstGroups, bias: false));
        _bn1 = Register("bn1", new BatchNorm2d(width));
        _shuffle = Register("shuffle1", new ChannelShuffle(firstGroups));
        _conv2 = Register("conv2", new Conv2d(width, width, 3, generator, stride, padding: 1, groups: width, bias: false));
        _bn2 = Register("bn2", new BatchNorm2d(width));
        _conv3 = Register("conv3", new Conv2d(width, outChannels, 1, generator, groups: groups, bias: false));
        LastNorm = Register("bn3", new BatchNorm2d(outChannels));
        if (stride == 2)
        {
            _shortcut = Register("shortcut", new AvgPool2d(3, stride: 2, padding: 1));
        }

        _joined = Register("preact", new Identity());
    }

    /// <inheritdoc/>
    public BatchNorm2d LastNorm { get; }

    /// <inheritdoc/>
    public IEnumerable<(Conv2d Convolution, BatchNorm2d Norm)> FoldablePairs => [(_conv1, _bn1), (_conv2, _bn2), (_conv3, LastNorm)];

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor x = _shuffle.Call(_bn1.Call(_conv1.Call(input)).Relu());
        x = _bn2.Call(_conv2.Call(x)).Relu();
        x = LastNorm.Call(_conv3.Call(x));
        return _joined.Call(_shortcut is null ? x + input : Operators.Cat([x, _shortcut.Call(input)], 1)).Relu();
    }
}
