using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Attention-based fusion (Chen et al. 2021): brings a map of the student together with what came of the deeper ones, and
/// gives out a map of the teacher's shape and what the next earlier map is fused with.
/// </summary>
internal sealed class ReviewFusion : Module
{
    private readonly Sequential _enter;
    private readonly Sequential _leave;
    private readonly Conv2d? _attention;

    /// <summary>Makes the layers: convolutions uniform in ±sqrt(3/fan-in), as published.</summary>
    /// <param name="inChannels">Channels of the student's map.</param>
    /// <param name="between">Channels of what is passed on.</param>
    /// <param name="outChannels">Channels of the teacher's map.</param>
    /// <param name="fuses">False for the deepest map, which there is nothing to fuse with.</param>
    /// <param name="generator">Where the weights come from.</param>
    public ReviewFusion(long inChannels, long between, long outChannels, bool fuses, Generator generator)
    {
        var enter = new Conv2d(inChannels, between, 1, generator, bias: false);
        var leave = new Conv2d(between, outChannels, 3, generator, padding: 1, bias: false);
        Initialize(enter, inChannels, generator);
        Initialize(leave, between * 9, generator);
        _enter = Register("conv1", new Sequential(enter, new BatchNorm2d(between)));
        _leave = Register("conv2", new Sequential(leave, new BatchNorm2d(outChannels)));
        _attention = fuses ? Register("att_conv", new Conv2d(between * 2, 2, 1, generator)) : null;
    }

    /// <summary>Fuses.</summary>
    /// <param name="map">The student's map <c>[B, C, H, W]</c>.</param>
    /// <param name="deeper">What the fusion of the next deeper map passed on; null for the deepest.</param>
    /// <param name="height">The teacher's height.</param>
    /// <param name="width">The teacher's width.</param>
    /// <returns>The map in the teacher's shape, and what is passed on.</returns>
    public (Tensor Output, Tensor PassedOn) Fuse(Tensor map, Tensor? deeper, long height, long width)
    {
        Tensor x = _enter.Call(map);
        if (_attention is not null && deeper is not null)
        {
            Tensor y = Resize(deeper, x.Size(2), x.Size(3));
            Tensor weights = _attention.Call(Operators.Cat([x, y], 1)).Sigmoid();
            x = x * weights.Narrow(1, 0, 1) + y * weights.Narrow(1, 1, 1);
        }

        x = Resize(x, height, width);
        return (_leave.Call(x), x);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Fuse(input, null, input.Size(2), input.Size(3)).Output;

    private static Tensor Resize(Tensor map, long height, long width) =>
        map.Size(2) == height && map.Size(3) == width ? map : map.UpsampleNearest2d([height, width]);

    private static void Initialize(Conv2d convolution, long fanIn, Generator generator)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        double bound = Math.Sqrt(3.0 / fanIn);
        convolution.Weight.UniformInPlace(-bound, bound, generator);
    }
}
