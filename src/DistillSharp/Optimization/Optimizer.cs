using DistillSharp.Torch;

namespace DistillSharp.Optimization;

/// <summary>
/// Changes parameters along their gradients. All state lives outside every scope until the optimiser is disposed.
/// As in PyTorch, a parameter without a gradient stays as it is, and its steps are counted on their own.
/// </summary>
public abstract class Optimizer : IDisposable
{
    private readonly Tensor[] _parameters;
    private readonly long[] _steps;
    private readonly Tensor _counts;

    /// <summary>Takes the parameters to change.</summary>
    /// <param name="parameters">Leaves that require gradients.</param>
    /// <param name="learningRate">The step's size; a schedule changes it.</param>
    protected Optimizer(IEnumerable<Tensor> parameters, double learningRate)
    {
        _parameters = parameters.ToArray();
        _steps = new long[_parameters.Length];
        _counts = Tensor.From(_steps, _steps.Length).Unscoped();
        LearningRate = learningRate;
    }

    /// <summary>The step's size now.</summary>
    public double LearningRate { get; set; }

    /// <summary>How many steps were made.</summary>
    public long Steps { get; private set; }

    /// <summary>Makes one step with the gradients that stand in the parameters, then drops them.</summary>
    public void Step()
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        Tensor?[] gradients = Array.ConvertAll(_parameters, p => p.Grad);
        Steps++;
        foreach (IGrouping<long, int> alike in Enumerable.Range(0, gradients.Length).Where(i => gradients[i] is not null).GroupBy(i => ++_steps[i]))
        {
            // Nearly always all parameters; more than one group only where a stage of the training left some out.
            int[] indices = alike.ToArray();
            Update(new Part(alike.Key, indices, Of(_parameters, indices), Array.ConvertAll(indices, i => gradients[i]!)));
        }

        foreach (Tensor parameter in _parameters)
        {
            parameter.Grad = null;
        }
    }

    /// <summary>Named tensors that, with <see cref="Steps"/>, make the state: written to and read from checkpoints.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> StateDict()
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        _counts.CopyInPlace(Tensor.From(_steps, _steps.Length));
        return [.. Moments, KeyValuePair.Create("steps", _counts)];
    }

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

        _counts.ToArray<long>().CopyTo(_steps, 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _counts.Dispose();
        foreach ((_, Tensor tensor) in Moments)
        {
            tensor.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Changes the parameters; gradients are not recorded here, and what is made is freed.</summary>
    protected abstract void Update(Part part);

    /// <summary>What the optimiser remembers of each parameter, named by <see cref="Name"/>.</summary>
    protected abstract IEnumerable<KeyValuePair<string, Tensor>> Moments { get; }

    /// <summary>One zero tensor for each parameter, to hold state.</summary>
    protected Tensor[] ZerosLikeParameters()
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        return Array.ConvertAll(_parameters, p => p.Detach().ZerosLike().Unscoped());
    }

    /// <summary>Names state tensors as <c>0.momentum</c>, <c>1.momentum</c>, ...</summary>
    protected static IEnumerable<KeyValuePair<string, Tensor>> Name(string kind, Tensor[] tensors) =>
        tensors.Select((t, i) => KeyValuePair.Create(FormattableString.Invariant($"{i}.{kind}"), t));

    private static Tensor[] Of(Tensor[] all, int[] indices) => indices.Length == all.Length ? all : Array.ConvertAll(indices, i => all[i]);

    /// <summary>Parameters with a gradient that have made the same number of steps.</summary>
    /// <param name="Steps">Their steps, the present one included.</param>
    /// <param name="Indices">Which of all parameters they are.</param>
    /// <param name="Parameters">The parameters.</param>
    /// <param name="Gradients">Their gradients.</param>
    protected sealed record Part(long Steps, int[] Indices, Tensor[] Parameters, Tensor[] Gradients)
    {
        /// <summary>The tensors that belong to these parameters, out of one for each parameter of the optimiser.</summary>
        public Tensor[] Of(Tensor[] all) => Optimizer.Of(all, Indices);
    }
}
