using System.Globalization;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Finds how far images must be changed to change a wanted share of a classifier's predictions.
/// Bisection of the logarithm of epsilon: deterministic, about eight attacks.
/// </summary>
public sealed record EpsilonSearch
{
    /// <summary>The share of predictions that should change, 0 to 1.</summary>
    public double Target { get; init; } = 0.85;

    /// <summary>
    /// True to count only images that the classifier gets right when unchanged. A classifier that is often wrong keeps many of its wrong
    /// predictions when pushed away from the true class, and a share of all predictions is then reached by destroying the images only.
    /// </summary>
    public bool OnlyRight { get; init; }

    /// <summary>The attack.</summary>
    public GradientAttack Attack { get; init; } = GradientAttack.Iterative;

    /// <summary>Steps of each attack.</summary>
    public int Steps { get; init; } = 5;

    /// <summary>One step's size over epsilon.</summary>
    public double AlphaRatio { get; init; } = 0.25;

    /// <summary>The size in the attack's norm of a change of every value by 1; <see cref="GradientAttack.Scale"/>. Sizes below are multiples of it.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>The smallest epsilon tried, over <see cref="Scale"/>: a sixteenth of a grey level of 255.</summary>
    public double Smallest { get; init; } = 1.0 / 4096;

    /// <summary>The largest epsilon tried, over <see cref="Scale"/>: from grey to black or white, beyond which an image is not recognisable.</summary>
    public double Largest { get; init; } = 0.5;

    /// <summary>How many attacks are tried at most.</summary>
    public int MostAttacks { get; init; } = 9;

    /// <summary>The search ends when the share is this near to the target.</summary>
    public double Tolerance { get; init; } = 0.005;

    /// <summary>The target counts as reached when the share is this near to it.</summary>
    public double Acceptable { get; init; } = 0.05;

    /// <summary>The budget of an epsilon.</summary>
    public AttackBudget Budget(double epsilon) => new(epsilon, epsilon * AlphaRatio, Steps);

    /// <summary>Searches. Images for which the classifier's logits are not finite do not count.</summary>
    /// <param name="model">The attacked classifier.</param>
    /// <param name="images">UInt8, or floating-point in [0, 1], <c>[N, C, H, W]</c>.</param>
    /// <param name="labels">The true classes, Int64 <c>[N]</c>.</param>
    /// <param name="slice">How many images at a time.</param>
    public EpsilonSearchResult Find(ImageClassifier model, Tensor images, Tensor labels, int slice = 64)
    {
        using var scope = new TensorScope();
        int[] clean = ClassificationMetrics.FinitePredictions(model.Evaluate(images, slice));
        bool[] counted = [.. clean.Zip(labels.ToArray<long>(), (prediction, label) => OnlyRight ? prediction == label : prediction >= 0)];
        if (!counted.Contains(true))
        {
            return new EpsilonSearchResult(double.NaN, double.NaN, Reached: false, OnlyRight ? "None of the images of the search is classified right." : "No image of the search has finite logits.");
        }

        (double best, double bestRate) = Nearest(epsilon =>
        {
            using var inner = new TensorScope();
            Tensor adversarial = Attack.Craft(model, images, labels, Budget(epsilon), slice, 0);
            int[] after = ClassificationMetrics.FinitePredictions(model.Evaluate(adversarial, slice));
            return Enumerable.Range(0, clean.Length).Where(i => counted[i] && after[i] >= 0)
                .Select(i => clean[i] == after[i] ? 0.0 : 1.0).DefaultIfEmpty(double.NaN).Average();
        });

        bool reached = Math.Abs(bestRate - Target) <= Acceptable;
        string nearest = double.IsNaN(bestRate) ? "its logits are not finite." : string.Create(CultureInfo.InvariantCulture, $"the nearest, {best:0.#####}, changes {100 * bestRate:0.#} %.");
        string problem = reached ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"No attack with epsilon from {Scale * Smallest:0.#####} to {Scale * Largest:0.###} changes about {100 * Target:0.#} % of its predictions; {nearest}");
        return new EpsilonSearchResult(best, bestRate, reached, problem);
    }

    /// <summary>The epsilon whose rate is nearest to the target, with that rate; NaN where no rate is a number. A rate of NaN counts as too weak an attack.</summary>
    /// <param name="rate">The rate of an epsilon.</param>
    /// <param name="first">The epsilon to try first; the middle where left out.</param>
    internal (double Epsilon, double Rate) Nearest(Func<double, double> rate, double? first = null)
    {
        double low = Math.Log(Scale * Smallest), high = Math.Log(Scale * Largest);
        double best = double.NaN, bestRate = double.NaN;
        for (int attack = 0; attack < MostAttacks; attack++)
        {
            double epsilon = attack == 0 && first is { } start ? start : Math.Exp((low + high) / 2);
            double found = rate(epsilon);
            if (!double.IsNaN(found) && !(Math.Abs(found - Target) >= Math.Abs(bestRate - Target)))
            {
                (best, bestRate) = (epsilon, found);
            }

            if (Math.Abs(found - Target) <= Tolerance)
            {
                break;
            }

            (low, high) = found >= Target ? (low, Math.Log(epsilon)) : (Math.Log(epsilon), high);
        }

        return (best, bestRate);
    }
}
