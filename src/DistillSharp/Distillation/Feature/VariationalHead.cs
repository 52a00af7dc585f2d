using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>What predicts a map of the teacher from the student's: a mean for each element and a variance for each channel, both trained.</summary>
internal sealed class VariationalHead : Module
{
    private readonly Conv2d[] _convolutions;

    /// <summary>Makes the layers with PyTorch's default initialisation.</summary>
    /// <param name="inChannels">Channels of the student's map.</param>
    /// <param name="between">Channels between the convolutions.</param>
    /// <param name="outChannels">Channels of the teacher's map.</param>
    /// <param name="variance">Every channel's variance at the start.</param>
    /// <param name="epsilon">What is added to every variance.</param>
    /// <param name="generator">Where the weights come from.</param>
    public VariationalHead(long inChannels, long between, long outChannels, double variance, double epsilon, Generator generator)
    {
        // Public code is known to leave this tensor out of what is trained and moved: it is a parameter here.
        double logScale = Math.Log(Math.Exp(Math.Min(variance - epsilon, LargestExponent)) - 1);
        RegisterParameter("log_scale", Operators.Full([outChannels], variance - epsilon > LargestExponent ? variance - epsilon : logScale, DType.Float32));
        _convolutions =
        [
            new Conv2d(inChannels, between, 1, generator, bias: false),
            new Conv2d(between, between, 1, generator, bias: false),
            new Conv2d(between, outChannels, 1, generator, bias: false),
        ];
        Register("regressor", new Sequential(("0", _convolutions[0]), ("2", _convolutions[1]), ("4", _convolutions[2])));
    }

    /// <summary>What variances are the softplus of, <c>[C]</c>.</summary>
    public Tensor LogScale => Parameter("log_scale");

    // Above it softplus and its inverse change nothing.
    private static double LargestExponent => 30;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        VidMethod.Predict(input, _convolutions[0].Weight, _convolutions[1].Weight, _convolutions[2].Weight);
}
