using System.Globalization;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Finds how far images must be changed to change a wanted share of a classifier's predictions, so that attacks on different
/// classifiers are equally strong. Bisection of the logarithm of epsilon: deterministic, about eight attacks.
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

    /// <summary>Steps of each attack.</summary>
    public int Steps { get; init; } = 5;

    /// <summary>One step's size over epsilon.</summary>
    public double AlphaRatio { get; init; } = 0.25;

    /// <summary>The smallest epsilon tried: a sixteenth of a grey level of 255.</summary>
    public double Smallest { get; init; } = 1.0 / 4096;

    /// <summary>The largest epsilon tried: from grey to black or white, beyond which an image is not recognisable.</summary>
    public double Largest { get; init; } = 0.5;

    /// <summary>How many attacks are tried at most.</summary>
    public int MostAttacks { get; init; } = 9;

    /// <summary>The search ends when the share is this near to the target.</summary>
    public double Tolerance { get; init; } = 0.005;

    /// <summary>The target counts as reached when the share is this near to it.</summary>
    public double Acceptable { get; init; } = 0.05;

    /// <summary>The budget of an epsilon.</summary>
    public AttackBudget Budget(double epsilon) => new(epsilon, epsilon * AlphaRatio, Steps);

    /// <summary>Searches.</summary>
    /// <param name="model">The attacked classifier.</param>
    /// <param name="images">UInt8, or floating-point in [0, 1], <c>[N, C, H, W]</c>.</param>
    /// <param name="labels">The true classes, Int64 <c>[N]</c>.</param>
    /// <param name="slice">How many images at a time.</param>
    public EpsilonSearchResult Find(ImageClassifier model, Tensor images, Tensor labels, int slice = 64)
    {
        using var scope = new TensorScope();
        int[] clean = ClassificationMetrics.Predictions(model.Evaluate(images, slice));
        bool[] counted = [.. clean.Zip(labels.ToArray<long>(), (prediction, label) => !OnlyRight || prediction == label)];
        if (!counted.Contains(true))
        {
            return new EpsilonSearchResult(double.NaN, double.NaN, Reached: false, "None of the images of the search is classified right.");
        }

        double low = Math.Log(Smallest), high = Math.Log(Largest);
        double best = double.NaN, bestRate = double.NaN;
        for (int attack = 0; attack < MostAttacks; attack++)
        {
            using var inner = new TensorScope();
            double epsilon = Math.Exp((low + high) / 2);
            Tensor adversarial = IterativeFgsm.Perturb(model, images, labels, Budget(epsilon), slice);
            int[] after = ClassificationMetrics.Predictions(model.Evaluate(adversarial, slice));
            double rate = Enumerable.Range(0, clean.Length).Where(i => counted[i]).Average(i => clean[i] == after[i] ? 0.0 : 1.0);
            if (!(Math.Abs(rate - Target) >= Math.Abs(bestRate - Target)))
            {
                (best, bestRate) = (epsilon, rate);
            }

            if (Math.Abs(rate - Target) <= Tolerance)
            {
                break;
            }

            (low, high) = rate < Target ? ((low + high) / 2, high) : (low, (low + high) / 2);
        }

        bool reached = Math.Abs(bestRate - Target) <= Acceptable;
        string problem = reached ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"No attack with epsilon from {Smallest:0.#####} to {Largest:0.###} changes about {100 * Target:0.#} % of its predictions; the nearest, {best:0.#####}, changes {100 * bestRate:0.#} %.");
        return new EpsilonSearchResult(best, bestRate, reached, problem);
    }
}
