using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// What a student learns from: the one seam of every distillation method. A method names the layers it needs, builds what it trains
/// beside the student from a sample batch, and turns each batch into named loss terms. It owns its state; checkpoints save it.
/// </summary>
public abstract class DistillationMethod : IDisposable
{
    /// <summary>True where a teacher's answers are needed.</summary>
    public virtual bool NeedsTeacher => true;

    /// <summary>Paths of the student's layers that <see cref="Compute"/> looks at.</summary>
    public virtual IReadOnlyList<string> StudentTaps => [];

    /// <summary>Paths of the teacher's layers that <see cref="Compute"/> looks at.</summary>
    public virtual IReadOnlyList<string> TeacherTaps => [];

    /// <summary>Builds adapters, banks and constants from one batch, evaluated without gradients. Called once, before the first step.</summary>
    /// <exception cref="ArgumentException">The layers' shapes cannot be brought together; the message says what to change.</exception>
    public virtual void Build(DistillationBatch sample, MethodSetup setup)
    {
    }

    /// <summary>
    /// The loss terms of one batch: the same names in the same order every time, with weight 0 for those that do not count in the
    /// present stage. What is made is freed with the step's scope.
    /// </summary>
    public abstract IReadOnlyList<LossTerm> Compute(DistillationBatch batch);

    /// <summary>What is trained beside the student.</summary>
    public virtual IReadOnlyList<Tensor> Parameters => [];

    /// <summary>Named tensors that make the method's state, parameters included; written to and read from checkpoints in place.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() => [];

    /// <summary>Takes over a saved state, after <see cref="Build"/>.</summary>
    /// <exception cref="ArgumentException">A name is missing or a shape differs.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        foreach ((string name, Tensor target) in StateDict())
        {
            if (!state.TryGetValue(name, out Tensor? source) || !source.Shape.SequenceEqual(target.Shape))
            {
                throw new ArgumentException($"The method's state lacks '{name}' with shape [{string.Join(", ", target.Shape)}].", nameof(state));
            }

            target.CopyInPlace(source);
        }

        OnStateLoaded();
    }

    /// <summary>Tells a part of a combination that its tensors were written.</summary>
    internal void AfterStateLoaded() => OnStateLoaded();

    /// <summary>Frees what the method owns.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Called after <see cref="LoadState"/> wrote the tensors of <see cref="StateDict"/>, for what is derived from them.</summary>
    protected virtual void OnStateLoaded()
    {
    }

    /// <summary>Frees what the method owns.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
