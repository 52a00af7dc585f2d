using DistillSharp.Conformance.Reading;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>What a loss is computed from: tensors by name, and hyperparameters. An input may be a tensor or a list of tensors.</summary>
internal sealed class LossInputs
{
    private readonly FixtureNode? _hyperparameters;
    private readonly Dictionary<string, IReadOnlyList<Tensor>> _tensors = [];
    private readonly Dictionary<string, Tensor> _leaves = [];
    private readonly Dictionary<string, FixtureTensor> _indices = [];
    private readonly Dictionary<string, Tensor> _parameters = [];

    /// <summary>Reads the inputs and hyperparameters of a method.</summary>
    public LossInputs(FixtureNode root, LossMethod method)
    {
        FixtureNode inputs = root.Get("inputs");
        inputs.AllowOnly([.. method.Inputs, .. method.Indices]);
        _hyperparameters = method.Hyperparameters.Count > 0 ? root.Get("hyperparameters") : root.Find("hyperparameters");
        _hyperparameters?.AllowOnly(method.Parameters.Count > 0 ? [.. method.Hyperparameters, "parameters"] : [.. method.Hyperparameters]);
        foreach (string name in method.Indices)
        {
            _indices[name] = inputs.Get(name).Tensor();
        }

        foreach (string name in method.Inputs)
        {
            FixtureNode input = inputs.Get(name);

            // A list of objects is a list of tensors; a list of numbers, or of lists of them, is one tensor.
            bool several = input.IsList && input.Items() is [{ IsObject: true }, ..];
            _tensors[name] = several
                ? [.. input.Items().Select((item, i) => Leaf(_leaves, FormattableString.Invariant($"{name}[{i}]"), item))]
                : [Leaf(_leaves, name, input)];
        }

        if (method.Parameters.Count > 0)
        {
            FixtureNode parameters = _hyperparameters!.Value.Get("parameters");
            parameters.AllowOnly([.. method.Parameters]);
            foreach (string name in method.Parameters)
            {
                Leaf(_parameters, name, parameters.Get(name));
            }
        }
    }

    /// <summary>Every tensor by the name that gradients are stated under, e.g. <c>student_logits</c> or <c>student[0]</c>.</summary>
    public IReadOnlyDictionary<string, Tensor> Leaves => _leaves;

    /// <summary>The loss's own trained tensors by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters => _parameters;

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

    /// <summary>The class of each example, Int64 <c>[B]</c>, for logits <c>[B, classes]</c>.</summary>
    /// <exception cref="FixtureException">The logits have another shape, there are not B classes, or one is out of range.</exception>
    public Tensor Classes(string name, Tensor logits) => logits.Dimensions == 2
        ? _indices[name].WithShape("one class for each example", logits.Size(0)).ToIndices(logits.Size(1), "the classes of the logits")
        : throw new FixtureException("inputs", $"logits of shape [examples, classes] are expected beside '{name}', found [{string.Join(", ", logits.Shape)}].");

    /// <summary>Tensors of two inputs side by side; their shapes are the loss's own affair, but for the batch.</summary>
    /// <exception cref="FixtureException">The numbers of the tensors or their batches differ, or they have no batch.</exception>
    public IReadOnlyList<(Tensor First, Tensor Second)> SideBySide(string first, string second)
    {
        IReadOnlyList<Tensor> a = All(first), b = All(second);
        if (a.Count != b.Count || a.Zip(b).Any(p => p.First.Dimensions < 2 || p.Second.Dimensions < 2 || p.First.Size(0) != p.Second.Size(0)))
        {
            throw new FixtureException("inputs", $"'{first}' and '{second}' are expected to have equally many tensors of one batch, found {Shapes(a)} and {Shapes(b)}.");
        }

        return [.. a.Zip(b)];
    }

    /// <summary>The maps of an input.</summary>
    /// <exception cref="FixtureException">There are fewer, or one is no map <c>[B, C, H, W]</c>.</exception>
    public IReadOnlyList<Tensor> Maps(string name, int fewest)
    {
        IReadOnlyList<Tensor> maps = All(name);
        return maps.Count >= fewest && maps.All(m => m.Dimensions == 4)
            ? maps
            : throw new FixtureException($"inputs.{name}", $"at least {fewest} maps [B, C, H, W] were expected, found {Shapes(maps)}.");
    }

    /// <summary>The maps of an input, as many as another's and each with as many channels.</summary>
    /// <exception cref="FixtureException">They do not match.</exception>
    public IReadOnlyList<Tensor> Matching(string name, string other) =>
        SideBySide(name, other).All(p => p.First.Dimensions == 4 && p.First.Size(1) == p.Second.Size(1))
            ? All(name)
            : throw new FixtureException($"inputs.{name}", $"maps with the channels of '{other}' were expected, found {Shapes(All(name))} and {Shapes(All(other))}.");

    /// <summary>A whole number of 1 or more among the hyperparameters.</summary>
    public int Count(string name) => _hyperparameters!.Value.Get(name).Integer(1);

    /// <summary>A hyperparameter of 0 or more.</summary>
    public double NotNegative(string name)
    {
        FixtureNode node = _hyperparameters!.Value.Get(name);
        double value = node.Number();
        return value >= 0 ? value : throw new FixtureException(node.Path, FormattableString.Invariant($"a number of 0 or more was expected, found {value:R}."));
    }

    /// <summary>A hyperparameter of 0 or more that may be left out.</summary>
    public double NotNegative(string name, double fallback) => _hyperparameters?.Find(name) is null ? fallback : NotNegative(name);

    /// <summary>A hyperparameter that is a word, one of <paramref name="choices"/>; the first where it is left out.</summary>
    public string Word(string name, params ReadOnlySpan<string> choices)
    {
        if (_hyperparameters?.Find(name) is not { } node)
        {
            return choices[0];
        }

        string word = node.Text();
        return choices.Contains(word) ? word : throw new FixtureException(node.Path, $"one of {string.Join(", ", choices.ToArray())} was expected, found '{word}'.");
    }

    /// <summary>A hyperparameter above 0.</summary>
    public double Positive(string name) => _hyperparameters!.Value.Get(name).PositiveNumber();

    private static string Shapes(IReadOnlyList<Tensor> tensors) => string.Join(" and ", tensors.Select(t => $"[{string.Join(", ", t.Shape)}]"));

    private static Tensor Leaf(Dictionary<string, Tensor> into, string name, FixtureNode node)
    {
        Tensor tensor = node.Tensor().ToTensor();
        tensor.RequiresGrad = true;
        return into[name] = tensor;
    }
}
