using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>The learned part of a temperature: one number for all images, before the sigmoid.</summary>
public sealed class GlobalTemperature : Module
{
    /// <summary>Starts at 1, as published.</summary>
    public GlobalTemperature() => RegisterParameter("value", Operators.Ones([1, 1]));

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Parameter("value");
}
