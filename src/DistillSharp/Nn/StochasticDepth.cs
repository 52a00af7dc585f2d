using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>
/// While training, sets the whole branch of an example to zero with a probability and scales the others' up by 1/(1-p)
/// (Huang et al. 2016): what a residual block adds is then missing for some examples of the batch.
/// </summary>
/// <param name="probability">Share of examples whose branch is dropped, from 0 up to, not including, 1.</param>
public sealed class StochasticDepth(double probability) : Module, IRandomLayer
{
    /// <summary>Share of examples whose branch is dropped while training.</summary>
    public double Probability => probability;

    /// <inheritdoc/>
    public Generator? Generator { get; set; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        if (!IsTraining || probability == 0)
        {
            return input;
        }

        Generator generator = Generator ?? throw new InvalidOperationException("Stochastic depth needs a generator while training: call UseGenerator on the model first.");
        var shape = new long[input.Dimensions];
        Array.Fill(shape, 1);
        shape[0] = input.Size(0);
        Tensor kept = Operators.Empty(shape, input.DType, input.Device).BernoulliInPlace(1 - probability, generator);
        return input * kept.DivInPlace(1 - probability);
    }
}
