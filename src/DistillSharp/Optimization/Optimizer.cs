using DistillSharp.Torch;

namespace DistillSharp.Optimization;

/// <summary>Changes parameters along their gradients. All state lives outside every scope until the optimiser is disposed.</summary>
public abstract class Optimizer : IDisposable
{
    private readonly Tensor[] _parameters;

    /// <summary>Takes the parameters to change.</summary>
    /// <param name="parameters">Leaves that require gradients.</param>
    /// <param name="learningRate">The step's size; a schedule changes it.</param>
    protected Optimizer(IEnumerable<Tensor> parameters, double learningRate)
    {
        _parameters = parameters.ToArray();
        LearningRate = learningRate;
    }

    /// <summary>The step's size now.</summary>
    public double LearningRate { get; set; }

    /// <summary>How many steps were made.</summary>
    public long Steps { get; private set; }

    /// <summary>The parameters that are changed.</summary>
    protected ReadOnlySpan<Tensor> Parameters => _parameters;

    /// <summary>Makes one step with the gradients that stand in the parameters, then drops them.</summary>
    /// <exception cref="InvalidOperationException">A parameter has no gradient: it took no part in the loss.</exception>
    public void Step()
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        var gradients = new Tensor[_parameters.Length];
        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i] = _parameters[i].Grad
                ?? throw new InvalidOperationException($"Parameter {i} ({_parameters[i]}) has no gradient: it took no part in the loss.");
        }

        Steps++;
        Update(gradients);
        foreach (Tensor parameter in _parameters)
        {
            parameter.Grad = null;
        }
    }

    /// <summary>Named tensors that, with <see cref="Steps"/>, make the state: written to and read from checkpoints.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, Tensor>> StateDict();

    /// <summary>Takes over a saved state.</summary>
    /// <param name="steps">How many steps were made.</param>
    /// <param name="state">The tensors that <see cref="StateDict"/> gave.</param>
    /// <exception cref="ArgumentException">Names or shapes are not this optimiser's.</exception>
    public void LoadState(long steps, IReadOnlyDictionary<string, Tensor> state)
    {
        Steps = steps;
        foreach ((string name, Tensor target) in StateDict())
        {
            if (!state.TryGetValue(name, out Tensor? source) || !source.Shape.SequenceEqual(target.Shape))
            {
                throw new ArgumentException($"The optimiser's state lacks '{name}' with shape [{string.Join(", ", target.Shape)}].", nameof(state));
            }

            target.CopyInPlace(source);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, Tensor tensor) in StateDict())
        {
            tensor.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Changes the parameters; gradients are not recorded here, and what is made is freed.</summary>
    protected abstract void Update(ReadOnlySpan<Tensor> gradients);

    /// <summary>One zero tensor for each parameter, to hold state.</summary>
    protected Tensor[] ZerosLikeParameters()
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        return Array.ConvertAll(_parameters, p => p.Detach().ZerosLike().Unscoped());
    }

    /// <summary>Names state tensors as <c>0.momentum</c>, <c>1.momentum</c>, ...</summary>
    protected static IEnumerable<KeyValuePair<string, Tensor>> Name(string kind, Tensor[] tensors) =>
        tensors.Select((t, i) => KeyValuePair.Create(FormattableString.Invariant($"{i}.{kind}"), t));
}
