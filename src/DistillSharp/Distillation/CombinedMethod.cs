using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Several methods at once: the sum of their terms, each with its own weight. Their terms for the labels are one, which counts
/// what they count together, or what the combination says.
/// </summary>
public sealed class CombinedMethod : DistillationMethod
{
    private const string LabelsTerm = "labels";

    private readonly IReadOnlyList<(string Label, DistillationMethod Method)> _parts;
    private readonly double? _labelWeight;

    /// <summary>Takes over methods.</summary>
    /// <param name="parts">At least one, each under a name that is not used twice; disposed with the combination.</param>
    /// <param name="labelWeight">What the cross-entropy with the labels counts; null for the sum of what it counts in the parts.</param>
    /// <exception cref="ArgumentException">There are no parts, or two have one name.</exception>
    public CombinedMethod(IReadOnlyList<(string Label, DistillationMethod Method)> parts, double? labelWeight = null)
    {
        if (parts.Count == 0 || parts.DistinctBy(p => p.Label).Count() < parts.Count)
        {
            throw new ArgumentException($"A combination takes methods under different names, found [{string.Join(", ", parts.Select(p => p.Label))}].", nameof(parts));
        }

        _parts = parts;
        _labelWeight = labelWeight;
    }

    /// <inheritdoc/>
    public override bool NeedsTeacher => _parts.Any(p => p.Method.NeedsTeacher);

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudentTaps => _parts.SelectMany(p => p.Method.StudentTaps).Distinct().ToList();

    /// <inheritdoc/>
    public override IReadOnlyList<string> TeacherTaps => _parts.SelectMany(p => p.Method.TeacherTaps).Distinct().ToList();

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => _parts.SelectMany(p => p.Method.Parameters).ToList();

    /// <inheritdoc/>
    public override void Build(DistillationBatch sample, MethodSetup setup)
    {
        foreach ((string label, DistillationMethod method) in _parts)
        {
            method.Build(sample, setup with { Warn = warning => setup.Warn($"{label}: {warning}") });
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch)
    {
        var terms = new List<LossTerm>();
        Tensor? labels = null;
        double labelsCount = 0;
        foreach ((string label, DistillationMethod method) in _parts)
        {
            foreach (LossTerm term in method.Compute(batch))
            {
                if (term.Name == LabelsTerm)
                {
                    labels ??= term.Value;
                    labelsCount += term.Weight;
                }
                else
                {
                    terms.Add(term with { Name = term.Name == label ? label : $"{label}.{term.Name}" });
                }
            }
        }

        if (labels is not null)
        {
            // A stage in which no part looks at the labels stays one.
            terms.Insert(0, new LossTerm(LabelsTerm, labels, labelsCount == 0 ? 0 : _labelWeight ?? labelsCount));
        }

        return terms;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() =>
        _parts.SelectMany(p => p.Method.StateDict().Select(t => KeyValuePair.Create($"{p.Label}.{t.Key}", t.Value))).ToList();

    /// <inheritdoc/>
    protected override void OnStateLoaded()
    {
        foreach ((_, DistillationMethod method) in _parts)
        {
            method.AfterStateLoaded();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach ((_, DistillationMethod method) in _parts)
        {
            method.Dispose();
        }
    }
}
