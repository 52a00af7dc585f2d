using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>How fresh weights are drawn; names and formulas are PyTorch's <c>torch.nn.init</c>.</summary>
public static class Initialization
{
    [ThreadStatic]
    private static int s_skipping;

    /// <summary>True where fresh weights are left undrawn: what is in memory stays in it.</summary>
    public static bool IsSkipped => s_skipping > 0;

    /// <summary>
    /// Leaves the weights of networks made on this thread undrawn until it is disposed. Memory that nobody writes costs nothing, so that
    /// even a network of gigabytes is made in milliseconds, for its names and shapes or for weights from a file.
    /// </summary>
    public static IDisposable Skip() => new Skipping();

    /// <summary>Uniform in ±1/sqrt(fan-in): PyTorch's default for convolution and linear layers (Kaiming uniform with a = sqrt 5), and for their biases.</summary>
    /// <param name="shape">The tensor's sizes.</param>
    /// <param name="fanIn">Inputs that enter one output.</param>
    /// <param name="generator">Where the numbers come from.</param>
    public static Tensor UniformByFanIn(ReadOnlySpan<long> shape, long fanIn, Generator generator)
    {
        double bound = 1 / Math.Sqrt(fanIn);
        Tensor weight = Operators.Empty(shape, DType.Float32);
        return IsSkipped ? weight : weight.UniformInPlace(-bound, bound, generator);
    }

    /// <summary>Normal with standard deviation sqrt(2/fan-out): Kaiming for ReLU networks, as the CIFAR ResNets use for convolutions.</summary>
    public static void KaimingNormalFanOut(Tensor weight, long fanOut, Generator generator)
    {
        if (IsSkipped)
        {
            return;
        }

        using GradModeScope noGrad = Autograd.NoGrad();
        weight.NormalInPlace(0, Math.Sqrt(2.0 / fanOut), generator);
    }

    /// <summary>
    /// <see cref="KaimingNormalFanOut(Tensor, long, Generator)"/> for every convolution of a network, in the order of its layers, the fan-out
    /// being output channels times kernel size whatever the groups; biases of convolutions become zero.
    /// </summary>
    public static void KaimingNormalFanOut(Module network, Generator generator)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        foreach ((_, Module module) in network.NamedModules())
        {
            if (module is Conv2d convolution)
            {
                KaimingNormalFanOut(convolution.Weight, convolution.OutChannels * convolution.Kernel * convolution.Kernel, generator);
                convolution.Bias?.ZeroInPlace();
            }
        }
    }

    /// <summary>Normal with a standard deviation of 0.01, and biases of zero: what VGG and MobileNet give their classifiers.</summary>
    public static void SmallNormal(Linear layer, Generator generator)
    {
        if (IsSkipped)
        {
            return;
        }

        using GradModeScope noGrad = Autograd.NoGrad();
        layer.Weight.NormalInPlace(0, 0.01, generator);
        layer.Bias?.ZeroInPlace();
    }

    /// <summary>Normal with mean 0, for weights that were drawn before.</summary>
    /// <remarks>
    /// PyTorch's <c>trunc_normal_</c> cuts at ±2 whatever the standard deviation is. That is 100 deviations away for the 0.02 of vision
    /// transformers: it cuts nothing, so this stands for it too.
    /// </remarks>
    /// <param name="weight">What is drawn anew.</param>
    /// <param name="deviation">The standard deviation.</param>
    /// <param name="generator">Where the numbers come from.</param>
    public static void Normal(Tensor weight, double deviation, Generator generator)
    {
        if (IsSkipped)
        {
            return;
        }

        using GradModeScope noGrad = Autograd.NoGrad();
        weight.NormalInPlace(0, deviation, generator);
    }

    /// <summary>Uniform in ±sqrt(6/(fan-in + fan-out)): Xavier (Glorot and Bengio 2010), for a weight <c>[out, in]</c>.</summary>
    public static void XavierUniform(Tensor weight, Generator generator)
    {
        if (IsSkipped)
        {
            return;
        }

        using GradModeScope noGrad = Autograd.NoGrad();
        double bound = Math.Sqrt(6.0 / (weight.Size(0) + weight.Size(1)));
        weight.UniformInPlace(-bound, bound, generator);
    }

    /// <summary>Zero throughout.</summary>
    public static void Zero(Tensor weight)
    {
        if (IsSkipped)
        {
            return;
        }

        using GradModeScope noGrad = Autograd.NoGrad();
        weight.ZeroInPlace();
    }

    private sealed class Skipping : IDisposable
    {
        private bool _disposed;

        public Skipping() => s_skipping++;

        public void Dispose()
        {
            s_skipping -= _disposed ? 0 : 1;
            _disposed = true;
        }
    }
}
