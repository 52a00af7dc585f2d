using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>
/// Passes its input on as it is, without copying it. It gives a name to a value inside a module's forward pass, such as a sum
/// before its ReLU, so that a <see cref="TapRecorder"/> can see it. What follows must not change the value in place.
/// </summary>
public sealed class Identity : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input;
}
