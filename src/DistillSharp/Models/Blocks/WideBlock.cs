using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// Batch norm and ReLU before each of two 3x3 convolutions (Zagoruyko and Komodakis 2016, figure 1). Where the number of channels
/// changes, the shortcut is a 1x1 convolution of the normalised input. No ReLU follows the sum.
/// </summary>
public sealed class WideBlock : Module, IFoldable
{
    private readonly ReLU _relu1;
    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn2;
    private readonly ReLU _relu2;
    private readonly Conv2d _conv2;
    private readonly Conv2d? _shortcut;

    /// <summary>Makes the block.</summary>
    public WideBlock(long inChannels, long outChannels, long stride, Generator generator)
    {
        FirstNorm = Register("bn1", new BatchNorm2d(inChannels));
        _relu1 = Register("relu1", new ReLU());
        _conv1 = Register("conv1", new Conv2d(inChannels, outChannels, 3, generator, stride, padding: 1, bias: false));
        _bn2 = Register("bn2", new BatchNorm2d(outChannels));
        _relu2 = Register("relu2", new ReLU());
        _conv2 = Register("conv2", new Conv2d(outChannels, outChannels, 3, generator, padding: 1, bias: false));
        if (inChannels != outChannels)
        {
            _shortcut = Register("convShortcut", new Conv2d(inChannels, outChannels, 1, generator, stride, bias: false));
        }
    }

    /// <summary>The norm of the block's input. Where <see cref="HasShortcut"/>, nothing else takes the input.</summary>
    public BatchNorm2d FirstNorm { get; }

    /// <summary>Whether the number of channels changes.</summary>
    public bool HasShortcut => _shortcut is not null;

    /// <inheritdoc/>
    public IEnumerable<(Conv2d Convolution, BatchNorm2d Norm)> FoldablePairs => [(_conv1, _bn2)];

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor normalized = _relu1.Call(FirstNorm.Call(input));
        Tensor residual = _conv2.Call(_relu2.Call(_bn2.Call(_conv1.Call(normalized))));
        return (_shortcut?.Call(normalized) ?? input) + residual;
    }
}
