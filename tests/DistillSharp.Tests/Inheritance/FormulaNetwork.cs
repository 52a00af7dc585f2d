using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>A network whose layer <c>map</c> gives out the images after a ReLU, and whose logits are a formula of it.</summary>
internal sealed class FormulaNetwork : Module
{
    private readonly Module _map;
    private readonly Func<Tensor, Tensor> _head;

    public FormulaNetwork(Func<Tensor, Tensor> head)
    {
        _map = Register("map", new ReLU());
        _head = head;
    }

    protected override Tensor Forward(Tensor input) => _head(_map.Call(input));
}
