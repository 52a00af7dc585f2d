using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>Batch normalisation of maps <c>[N, C, H, W]</c>, with PyTorch's names, momentum 0.1 and epsilon 1e-5.</summary>
public sealed class BatchNorm2d : Module
{
    private const double Momentum = 0.1;

    /// <summary>Makes the layer: weight 1, bias 0, running mean 0, running variance 1.</summary>
    /// <param name="channels">Channels of the input.</param>
    public BatchNorm2d(long channels)
    {
        RegisterParameter("weight", Operators.Ones([channels]));
        RegisterParameter("bias", Operators.Zeros([channels]));
        RegisterBuffer("running_mean", Operators.Zeros([channels]));
        RegisterBuffer("running_var", Operators.Ones([channels]));
        RegisterBuffer("num_batches_tracked", Operators.Zeros([], DType.Int64));
    }

    /// <summary>What is added to the variance before its root is taken.</summary>
    public static double Epsilon => 1e-5;

    /// <summary>True once the norm went into the convolution before it: the layer then passes its input on.</summary>
    public bool IsFolded { get; internal set; }

    internal Tensor Weight => Parameter("weight");

    internal Tensor Bias => Parameter("bias");

    internal Tensor RunningMean => Buffer("running_mean");

    internal Tensor RunningVariance => Buffer("running_var");

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        if (IsFolded)
        {
            return input;
        }

        if (IsTraining)
        {
            Buffer("num_batches_tracked").AddInPlace(1);
        }

        return Operators.BatchNorm(input, Weight, Bias, RunningMean, RunningVariance, IsTraining, Momentum, Epsilon, cudnnEnabled: true);
    }
}
