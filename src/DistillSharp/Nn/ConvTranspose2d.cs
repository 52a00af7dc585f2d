using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>
/// Transposed convolution of maps, which makes them larger: <c>[N, in, H, W]</c> to <c>[N, out, (H - 1)·stride - 2·padding + k, ...]</c>.
/// Weight <c>[in, out, k, k]</c>, bias <c>[out]</c>.
/// </summary>
public sealed class ConvTranspose2d : Module
{
    private readonly long[] _stride;
    private readonly long[] _padding;

    /// <summary>Makes the layer with PyTorch's default initialisation.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernel">Height and width of the kernel.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <param name="stride">How far apart neighbours of the input lie in the output.</param>
    /// <param name="padding">Rows and columns cut off on every side of the output.</param>
    public ConvTranspose2d(long inChannels, long outChannels, long kernel, Generator generator, long stride = 1, long padding = 0)
    {
        _stride = [stride, stride];
        _padding = [padding, padding];

        // PyTorch reads the fan-in off the weight's second dimension, which is the output's here.
        long fanIn = outChannels * kernel * kernel;
        RegisterParameter("weight", Initialization.UniformByFanIn([inChannels, outChannels, kernel, kernel], fanIn, generator));
        RegisterParameter("bias", Initialization.UniformByFanIn([outChannels], fanIn, generator));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        Operators.ConvTranspose2d(input, Parameter("weight"), Parameter("bias"), _stride, _padding);
}
