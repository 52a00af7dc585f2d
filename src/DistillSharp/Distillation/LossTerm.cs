using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>One part of a method's loss.</summary>
/// <param name="Name">A short name for logs and metrics, e.g. <c>labels</c>, <c>kl</c>.</param>
/// <param name="Value">A scalar with its graph, before weighting.</param>
/// <param name="Weight">What it counts in the sum.</param>
public sealed record LossTerm(string Name, Tensor Value, double Weight)
{
    /// <summary>The weighted sum of terms: what is minimised.</summary>
    /// <exception cref="ArgumentException">There are no terms, or none counts.</exception>
    public static Tensor Sum(IReadOnlyList<LossTerm> terms)
    {
        Tensor? sum = null;
        foreach (LossTerm term in terms.Where(t => t.Weight != 0))
        {
            Tensor weighted = term.Weight == 1 ? term.Value : term.Value * term.Weight;
            sum = sum is null ? weighted : sum + weighted;
        }

        return sum ?? throw new ArgumentException("No loss term has a weight other than 0.", nameof(terms));
    }
}
