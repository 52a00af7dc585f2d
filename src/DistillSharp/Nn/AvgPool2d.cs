using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>The mean of each window of a map.</summary>
/// <param name="kernel">Height and width of the window.</param>
/// <param name="stride">Step in both directions; the window's size where left out.</param>
/// <param name="padding">Zeros added on every side; they count in the mean.</param>
public sealed class AvgPool2d(long kernel, long? stride = null, long padding = 0) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.AvgPool2d([kernel, kernel], [stride ?? kernel, stride ?? kernel], [padding, padding]);
}
