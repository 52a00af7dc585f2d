using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>A method with one term on logits beside the cross-entropy with the labels: what they all share.</summary>
public abstract class ResponseMethod : DistillationMethod
{
    private readonly string _term;
    private readonly double _weight;
    private readonly double _labelWeight;

    /// <summary>Reads the option <c>label-weight</c>, and <c>weight</c> where the method has it.</summary>
    /// <param name="term">The term's name in logs.</param>
    /// <param name="options">The method's options.</param>
    /// <exception cref="ArgumentException">The weight is 0.</exception>
    protected ResponseMethod(string term, OptionValues options)
    {
        _term = term;
        _labelWeight = options.Number("label-weight");
        if (options.Has("weight"))
        {
            MethodOptions.Require(MethodOptions.CheckWeight(options));
            _weight = options.Number("weight");
        }
        else
        {
            _weight = 1;
        }
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<LossTerm> Compute(DistillationBatch batch) =>
    [
        IndependentMethod.Labels(batch, _labelWeight),
        new(_term, Term(batch), _weight * Factor(batch.Epoch)),
    ];

    /// <summary>The method's own term, a scalar with its graph, before its weight.</summary>
    protected abstract Tensor Term(DistillationBatch batch);

    /// <summary>What the term counts in an epoch, from 0, beside its weight.</summary>
    protected virtual double Factor(int epoch) => 1;
}
