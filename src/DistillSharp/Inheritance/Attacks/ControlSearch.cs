using System.Globalization;
using DistillSharp.Statistics;

namespace DistillSharp.Inheritance;

/// <summary>
/// Finds how strong the attack on the other teacher must be to be a fair control: the images that fool that teacher must fool
/// independent students as often as the own teacher's images do. A student that is fooled by nearly all images of one kind has no
/// room left to be fooled by more, so a difference between two kinds would otherwise come from their strength.
/// Distilled students are never asked.
/// </summary>
internal sealed class ControlSearch(AnalysisSubject subject, ImageSample part, IReadOnlyList<SubjectModel> independent)
{
    /// <summary>The two rates of the independent students may be this far apart.</summary>
    public const double Tolerance = 0.05;

    /// <summary>With fewer of the teacher's predictions changed than this, the images are too few and too special to judge by.</summary>
    private const double LeastChanged = 0.1;

    /// <summary>True where independent students are fooled about as often by either teacher's images, on all images and for the seeds of a finding.</summary>
    public static bool IsMatched(FindingScores levels) =>
        levels.IndependentOther is null or { Count: 0 } || !(Math.Abs(Scores.Mean(levels.IndependentOwn) - Scores.Mean(levels.IndependentOther)) > Tolerance);

    /// <summary>Searches.</summary>
    /// <param name="own">The search that found the attack on the own teacher.</param>
    /// <param name="ownEpsilon">The epsilon of that attack; tried first on the other teacher.</param>
    /// <returns>The rate is that of the independent students.</returns>
    public EpsilonSearchResult Find(EpsilonSearch own, double ownEpsilon)
    {
        if (independent.Count == 0)
        {
            return new EpsilonSearchResult(double.NaN, double.NaN, Reached: false, "The strength of the attack on it is matched on independent students, and there are none.");
        }

        double wanted = Attack(MeasurementKey.OwnTeacher, own, ownEpsilon).MeanFooling(_ => true);
        EpsilonSearch search = own with { Target = wanted };
        (double epsilon, double rate) = search.Nearest(
            tried =>
            {
                TransferAttack attack = Attack(MeasurementKey.OtherTeacher, search, tried);
                return attack.Rate >= LeastChanged ? attack.MeanFooling(_ => true) : double.NaN;
            },
            ownEpsilon);
        bool matched = Math.Abs(rate - wanted) <= Tolerance;
        string nearest = double.IsNaN(rate) ? "none changes enough of that teacher's predictions." : string.Create(CultureInfo.InvariantCulture, $"the nearest, {epsilon:0.#####}, fools them by {100 * rate:0.#} % of its images.");
        string problem = matched ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"No attack on it with epsilon from {search.Scale * search.Smallest:0.#####} to {search.Scale * search.Largest:0.###} fools independent students as often as the attack on the teacher does ({100 * wanted:0.#} %, within {100 * Tolerance:0} points); {nearest}");
        return new EpsilonSearchResult(epsilon, rate, matched, problem);
    }

    private TransferAttack Attack(string teacher, EpsilonSearch search, double epsilon)
    {
        var attack = new TransferAttack(subject, part, teacher, subject.Teachers().First(t => t.Name == teacher).Model, independent, search.Attack);
        attack.Run(search.Budget(epsilon));
        return attack;
    }
}
