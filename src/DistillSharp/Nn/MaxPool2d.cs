using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>The largest value of each window of a map.</summary>
/// <param name="kernel">Height and width of the window.</param>
/// <param name="stride">Step in both directions; the window's size where left out.</param>
/// <param name="padding">Rows and columns added on every side, which are never the largest.</param>
public sealed class MaxPool2d(long kernel, long? stride = null, long padding = 0) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.MaxPool2d([kernel, kernel], [stride ?? kernel, stride ?? kernel], [padding, padding]);
}
