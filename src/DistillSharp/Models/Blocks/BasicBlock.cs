using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// Two 3x3 convolutions with a shortcut, which is a 1x1 convolution where the shape changes (He et al. 2016, figure 2).
/// <c>preact</c> names the sum before the last ReLU.
/// </summary>
public sealed class BasicBlock : Module, IFoldable, IResidualBlock
{
    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;
    private readonly ReLU _relu;
    private readonly Conv2d _conv2;
    private readonly Sequential? _downsample;
    private readonly Identity _sum;

    /// <summary>Makes the block.</summary>
    public BasicBlock(long inChannels, long outChannels, long stride, Generator generator)
    {
        _conv1 = Register("conv1", new Conv2d(inChannels, outChannels, 3, generator, stride, padding: 1, bias: false));
        _bn1 = Register("bn1", new BatchNorm2d(outChannels));
        _relu = Register("relu", new ReLU());
        _conv2 = Register("conv2", new Conv2d(outChannels, outChannels, 3, generator, padding: 1, bias: false));
        LastNorm = Register("bn2", new BatchNorm2d(outChannels));
        if (stride != 1 || inChannels != outChannels)
        {
            _downsample = Register("downsample", new Sequential(
                new Conv2d(inChannels, outChannels, 1, generator, stride, bias: false),
                new BatchNorm2d(outChannels)));
        }

        _sum = Register("preact", new Identity());
    }

    /// <inheritdoc/>
    public BatchNorm2d LastNorm { get; }

    /// <inheritdoc/>
    public IEnumerable<(Conv2d Convolution, BatchNorm2d Norm)> FoldablePairs => [(_conv1, _bn1), (_conv2, LastNorm)];

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor x = _relu.Call(_bn1.Call(_conv1.Call(input)));
        x = LastNorm.Call(_conv2.Call(x));
        return _sum.Call(x + (_downsample?.Call(input) ?? input)).Relu();
    }
}
