using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>While training, sets each element to zero with a probability and scales the others up by 1/(1-p).</summary>
/// <param name="probability">Share of elements that are dropped, from 0 up to, not including, 1.</param>
public sealed class Dropout(double probability) : Module, IRandomLayer
{
    /// <inheritdoc/>
    public Generator? Generator { get; set; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        if (!IsTraining || probability == 0)
        {
            return input;
        }

        Generator generator = Generator ?? throw new InvalidOperationException("Dropout needs a generator while training: call UseGenerator on the model first.");
        return input * input.EmptyLike().BernoulliInPlace(1 - probability, generator).DivInPlace(1 - probability);
    }
}
