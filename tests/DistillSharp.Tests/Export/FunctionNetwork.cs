using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Export;

/// <summary>A network that is one function, for operators by themselves; its result is flattened to logits.</summary>
internal sealed class FunctionNetwork : ImageModel
{
    public FunctionNetwork(Func<Tensor, Tensor> function) => Register("layer", new Function(function));

    public override IReadOnlyList<string> FeatureLayers => ["layer", "layer"];

    protected override Tensor Forward(Tensor input) => CallChildren(input).Flatten(1);

    private sealed class Function(Func<Tensor, Tensor> function) : Module
    {
        protected override Tensor Forward(Tensor input) => function(input);
    }
}
