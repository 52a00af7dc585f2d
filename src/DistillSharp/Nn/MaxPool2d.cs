using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>The largest value of each window of a map.</summary>
/// <param name="kernel">Height and width of the window.</param>
/// <param name="stride">Step in both directions; the window's size where left out.</param>
public sealed class MaxPool2d(long kernel, long? stride = null) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.MaxPool2d([kernel, kernel], [stride ?? kernel, stride ?? kernel]);
}
