using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// A 1x1 convolution to more channels, a 3x3 on each channel alone, and a linear 1x1 back, added to the input where the shape stays
/// (Sandler et al. 2018, figure 3). No ReLU follows.
/// </summary>
public sealed class InvertedResidual : Module, IResidualBlock
{
    private readonly Sequential _conv;
    private readonly bool _adds;

    /// <summary>Takes the block's layers as a family names them.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="stride">Step of the 3x3 convolution.</param>
    /// <param name="layers">The three convolutions with their norms and activations; the last layer is the last convolution's batch norm.</param>
    /// <exception cref="ArgumentException">The last layer is no batch norm.</exception>
    public InvertedResidual(long inChannels, long outChannels, long stride, Sequential layers)
    {
        _adds = stride == 1 && inChannels == outChannels;
        _conv = Register("conv", layers);
        LastNorm = layers.Children[^1].Value as BatchNorm2d
            ?? throw new ArgumentException($"The last layer of an inverted residual is a batch norm, not {layers.Children[^1].Value.GetType().Name}.", nameof(layers));
    }

    /// <inheritdoc/>
    public BatchNorm2d LastNorm { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => _adds ? input + _conv.Call(input) : _conv.Call(input);
}
