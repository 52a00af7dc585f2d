using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>A model that is one formula, for gradients that can be written down.</summary>
internal sealed class FormulaModel(Func<Tensor, Tensor> formula) : Module
{
    protected override Tensor Forward(Tensor input) => formula(input);
}
