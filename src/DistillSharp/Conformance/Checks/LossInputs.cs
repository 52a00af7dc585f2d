using DistillSharp.Conformance.Reading;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>What a loss is computed from: tensors by name, and hyperparameters. An input may be a tensor or a list of tensors.</summary>
internal sealed class LossInputs
{
    private readonly FixtureNode? _hyperparameters;
    private readonly Dictionary<string, IReadOnlyList<Tensor>> _tensors = [];
    private readonly Dictionary<string, Tensor> _leaves = [];

    /// <summary>Reads the inputs and hyperparameters of a method.</summary>
    public LossInputs(FixtureNode root, LossMethod method)
    {
        FixtureNode inputs = root.Get("inputs");
        inputs.AllowOnly([.. method.Inputs]);
        _hyperparameters = method.Hyperparameters.Count > 0 ? root.Get("hyperparameters") : root.Find("hyperparameters");
        _hyperparameters?.AllowOnly([.. method.Hyperparameters]);
        foreach (string name in method.Inputs)
        {
            FixtureNode input = inputs.Get(name);

            // A list of objects is a list of tensors; a list of numbers, or of lists of them, is one tensor.
            bool several = input.IsList && input.Items() is [{ IsObject: true }, ..];
            _tensors[name] = several
                ? [.. input.Items().Select((item, i) => Leaf(FormattableString.Invariant($"{name}[{i}]"), item))]
                : [Leaf(name, input)];
        }
    }

    /// <summary>Every tensor by the name that gradients are stated under, e.g. <c>student_logits</c> or <c>student[0]</c>.</summary>
    public IReadOnlyDictionary<string, Tensor> Leaves => _leaves;

    /// <summary>The tensors of an input: one, or as many as its list holds.</summary>
    public IReadOnlyList<Tensor> All(string name) => _tensors[name];

    /// <summary>Pairs of tensors of one shape, one of each of two inputs.</summary>
    /// <exception cref="FixtureException">The numbers or the shapes of the tensors differ.</exception>
    public IReadOnlyList<(Tensor First, Tensor Second)> Pairs(string first, string second)
    {
        IReadOnlyList<Tensor> a = All(first), b = All(second);
        if (a.Count != b.Count || a.Zip(b).Any(p => !p.First.Shape.AsSpan().SequenceEqual(p.Second.Shape)))
        {
            throw new FixtureException("inputs", $"'{first}' and '{second}' are expected to have one shape, found {Shapes(a)} and {Shapes(b)}.");
        }

        return [.. a.Zip(b)];
    }

    /// <summary>A hyperparameter above 0.</summary>
    public double Positive(string name) => _hyperparameters!.Value.Get(name).PositiveNumber();

    private static string Shapes(IReadOnlyList<Tensor> tensors) => string.Join(" and ", tensors.Select(t => $"[{string.Join(", ", t.Shape)}]"));

    private Tensor Leaf(string name, FixtureNode node)
    {
        Tensor tensor = node.Tensor().ToTensor();
        tensor.RequiresGrad = true;
        return _leaves[name] = tensor;
    }
}
