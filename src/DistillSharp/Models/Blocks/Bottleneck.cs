using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// A 1x1 convolution to fewer channels, a 3x3 there, and a 1x1 to four times as many, with a shortcut, which is a 1x1 convolution
/// where the shape changes (He et al. 2016, figure 5). <c>preact</c> names the sum before the last ReLU.
/// </summary>
public sealed class Bottleneck : Module, IFoldable, IResidualBlock
{
    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;
    private readonly Conv2d _conv2;
    private readonly BatchNorm2d _bn2;
    private readonly Conv2d _conv3;
    private readonly Sequential? _shortcut;
    private readonly Identity _sum;

    /// <summary>Makes the block.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="width">Channels of the 3x3 convolution; the output has <see cref="Expansion"/> times as many.</param>
    /// <param name="stride">Step of the 3x3 convolution.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <param name="shortcutName">What the weights of a shortcut with a convolution are called: <c>shortcut</c> in public CIFAR networks, <c>downsample</c> in torchvision.</param>
    public Bottleneck(long inChannels, long width, long stride, Generator generator, string shortcutName)
    {
        long outChannels = width * Expansion;
        _conv1 = Register("conv1", new Conv2d(inChannels, width, 1, generator, bias: false));
        _bn1 = Register("bn1", new BatchNorm2d(width));
        _conv2 = Register("conv2", new Conv2d(width, width, 3, generator, stride, padding: 1, bias: false));
        _bn2 = Register("bn2", new BatchNorm2d(width));
        _conv3 = Register("conv3", new Conv2d(width, outChannels, 1, generator, bias: false));
        LastNorm = Register("bn3", new BatchNorm2d(outChannels));
        if (stride != 1 || inChannels != outChannels)
        {
            _shortcut = Register(shortcutName, new Sequential(
                new Conv2d(inChannels, outChannels, 1, generator, stride, bias: false),
                new BatchNorm2d(outChannels)));
        }

        _sum = Register("preact", new Identity());
    }

    /// <summary>How many times as many channels the output has as the 3x3 convolution.</summary>
    public static int Expansion => 4;

    /// <inheritdoc/>
    public BatchNorm2d LastNorm { get; }

    /// <inheritdoc/>
    public IEnumerable<(Conv2d Convolution, BatchNorm2d Norm)> FoldablePairs => [(_conv1, _bn1), (_conv2, _bn2), (_conv3, LastNorm)];

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor x = _bn1.Call(_conv1.Call(input)).Relu();
        x = _bn2.Call(_conv2.Call(x)).Relu();
        x = LastNorm.Call(_conv3.Call(x));
        return _sum.Call(x + (_shortcut?.Call(input) ?? input)).Relu();
    }
}
