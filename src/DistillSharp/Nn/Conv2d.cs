using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>Convolution of maps: <c>[N, in, H, W]</c> to <c>[N, out, H', W']</c>. Weight <c>[out, in/groups, kH, kW]</c>, bias <c>[out]</c>.</summary>
public sealed class Conv2d : Module, ICountsMultiplyAdds
{
    private readonly long[] _stride;
    private readonly long[] _padding;
    private readonly long _groups;
    private Tensor? _foldedWeight;
    private Tensor? _foldedBias;

    /// <summary>Makes the layer with PyTorch's default initialisation.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernel">Height of the kernel, and its width where <paramref name="kernelWidth"/> is not given.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <param name="stride">Step in both directions.</param>
    /// <param name="padding">Zeros added on every side.</param>
    /// <param name="groups">Groups of channels that do not see each other.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="kernelWidth">Width of a kernel that is not square.</param>
    public Conv2d(long inChannels, long outChannels, long kernel, Generator generator, long stride = 1, long padding = 0, long groups = 1, bool bias = true, long? kernelWidth = null)
    {
        OutChannels = outChannels;
        Kernel = kernel;
        Stride = stride;
        _stride = [stride, stride];
        _padding = [padding, padding];
        _groups = groups;
        HasBias = bias;
        long width = kernelWidth ?? kernel;
        long fanIn = inChannels / groups * kernel * width;
        RegisterParameter("weight", Initialization.UniformByFanIn([outChannels, inChannels / groups, kernel, width], fanIn, generator));
        if (bias)
        {
            RegisterParameter("bias", Initialization.UniformByFanIn([outChannels], fanIn, generator));
        }
    }

    /// <summary>Channels of the output.</summary>
    public long OutChannels { get; }

    /// <summary>Height of the kernel.</summary>
    public long Kernel { get; }

    /// <summary>Step in both directions.</summary>
    public long Stride { get; }

    /// <summary>Whether a bias is added.</summary>
    public bool HasBias { get; }

    /// <summary>The kernel's weights.</summary>
    public Tensor Weight => Parameter("weight");

    /// <summary>The bias; null where there is none.</summary>
    public Tensor? Bias => HasBias ? Parameter("bias") : null;

    /// <inheritdoc/>
    public long MultiplyAdds(ReadOnlySpan<long> output) => output[0] * output[2] * output[3] * Weight.ElementCount;

    internal void Fold(Tensor weight, Tensor bias)
    {
        _foldedWeight = weight.Unscoped();
        _foldedBias = bias.Unscoped();
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        Operators.Conv2d(input, _foldedWeight ?? Weight, _foldedBias ?? Bias, _stride, _padding, null, _groups);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _foldedWeight?.Dispose();
        _foldedBias?.Dispose();
        base.Dispose(disposing);
    }
}
