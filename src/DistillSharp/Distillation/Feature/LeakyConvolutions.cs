using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>Layers of factor transfer (Kim et al. 2018): 3x3 convolutions that keep a map's size, each followed by LeakyReLU 0.1, with batch norm between where wanted.</summary>
internal sealed class LeakyConvolutions : Module
{
    private const double Slope = 0.1;

    /// <summary>Makes the layers with PyTorch's default initialisation.</summary>
    /// <param name="channels">Channels of the input, then those of each convolution's output.</param>
    /// <param name="transposed">True for transposed convolutions.</param>
    /// <param name="norm">True for a batch norm behind every convolution.</param>
    /// <param name="generator">Where the weights come from.</param>
    public LeakyConvolutions(ReadOnlySpan<long> channels, bool transposed, bool norm, Generator generator)
    {
        for (int i = 1; i < channels.Length; i++)
        {
            Module convolution = transposed
                ? new ConvTranspose2d(channels[i - 1], channels[i], 3, generator, padding: 1)
                : new Conv2d(channels[i - 1], channels[i], 3, generator, padding: 1);
            Register(FormattableString.Invariant($"{i - 1}"), norm
                ? new Sequential(("conv", convolution), ("bn", new BatchNorm2d(channels[i])))
                : new Sequential(("conv", convolution)));
        }
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Children.Aggregate(input, (x, layer) => layer.Value.Call(x).LeakyRelu(Slope));
}
