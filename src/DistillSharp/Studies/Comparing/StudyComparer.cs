using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Inheritance;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Studies;

/// <summary>
/// Sets the findings of two finished studies beside each other: for every analysis, measure and method that both have, the two effects and the
/// difference between them. Nothing is trained or measured; neither data nor networks are needed.
/// </summary>
public sealed class StudyComparer
{
    // Which images effects are about. Studies may differ in all else; that is what they are compared for.
    private static readonly string[] TrainingKeys = ["data.path", "data.train", "data.validation", "data.split-seed"];
    private const string Augmentation = "data.augmentation.";

    // Options that say how much is shown, not what is measured.
    private static readonly string[] ShownOnly = ["pictures", "heat-maps"];

    // As for the two attacks of one study: independent students further apart than this leave effects another room.
    private const double EqualFloors = 0.05;

    private readonly FinishedStudy _first;
    private readonly FinishedStudy _second;
    private readonly List<StudyDifference> _differences;
    private readonly List<string> _warnings = [];
    private readonly List<UncomparedEffect> _notCompared = [];

    private StudyComparer(FinishedStudy first, FinishedStudy second)
    {
        (_first, _second) = (first, second);
        _differences = [.. StudyValues.Differences(first.Values, second.Values)];
    }

    /// <summary>Compares two results folders.</summary>
    /// <param name="first">The results folder of the first study.</param>
    /// <param name="second">The results folder of the second study; differences are first minus second.</param>
    /// <exception cref="StudiesNotComparableException">Their test images differ, or they have no finding in common.</exception>
    /// <exception cref="FileNotFoundException">A folder holds no finished study.</exception>
    /// <exception cref="InvalidDataException">A file is broken; the message names it and the place.</exception>
    public static StudyComparison Compare(string first, string second) =>
        new StudyComparer(FinishedStudy.Read(first), FinishedStudy.Read(second)).Compare();

    private StudyComparison Compare()
    {
        RefuseOtherImages();
        var effects = new List<EffectComparison>();
        foreach (IGrouping<(string Analysis, string? Label), Finding> analysis in _first.Results.Findings.GroupBy(f => (f.Analysis, f.Label)))
        {
            IReadOnlyList<Finding> others = _second.FindingsOf(analysis.Key.Analysis, analysis.Key.Label);
            if (others.Count > 0 && !AsksOtherwise(analysis.Key.Analysis, analysis.Key.Label))
            {
                effects.AddRange(analysis.Select(f => Compare(f, others.FirstOrDefault(o => (o.Measure, o.Method) == (f.Measure, f.Method)))).OfType<EffectComparison>());
                NoteMissing(others.Where(o => !analysis.Any(f => (o.Measure, o.Method) == (f.Measure, f.Method))), _first);
            }
            else if (others.Count == 0)
            {
                NoteMissing(analysis.Take(1), _second, isWhole: true);
            }
        }

        NoteMissing(_second.Results.Findings.DistinctBy(f => (f.Analysis, f.Label)).Where(f => _first.FindingsOf(f.Analysis, f.Label).Count == 0), _first, isWhole: true);
        if (effects.Count == 0)
        {
            throw new StudiesNotComparableException($"Nothing of '{_first.Results.Study}' and '{_second.Results.Study}' can be compared. {string.Join(" ", _notCompared.Select(n => $"{n.What}: {n.Reason}"))}".TrimEnd());
        }

        NoteSeeds(effects);
        return new StudyComparison(1, Describe(_first), Describe(_second), _differences, _warnings, effects, _notCompared);
    }

    private void RefuseOtherImages()
    {
        StudyDifference[] images = [.. _differences.Where(d => d.Key.StartsWith("data.", StringComparison.Ordinal) && !TrainingKeys.Contains(d.Key) && !d.Key.StartsWith(Augmentation, StringComparison.Ordinal))];
        if (images.Length > 0)
        {
            throw new StudiesNotComparableException(
                $"'{_first.Results.Study}' and '{_second.Results.Study}' cannot be compared: expected the same test images in both, found {string.Join("; ", images.Select(Describe))}. Effects on other images answer another question.");
        }
    }

    // Whether an analysis measured something else in the two studies: then nothing of it is compared.
    private bool AsksOtherwise(string analysis, string? label)
    {
        string prefix = $"analyses.{label ?? analysis}.";
        IReadOnlyList<OptionSpec> specs = AnalysisRegistry.All.FirstOrDefault(a => a.Name == analysis)?.Options ?? [];
        ILookup<bool, StudyDifference> differing = _differences
            .Where(d => d.Key.StartsWith(prefix, StringComparison.Ordinal) && !ShownOnly.Contains(d.Key[prefix.Length..]))
            .ToLookup(d => specs.Any(s => s.Name == d.Key[prefix.Length..] && s.Kind is OptionKind.StudentLayer or OptionKind.StudentLayers or OptionKind.TeacherLayer or OptionKind.TeacherLayers));
        if (differing[false].Any())
        {
            _notCompared.Add(new UncomparedEffect(NameOf(analysis, label), $"its options differ: {string.Join("; ", differing[false].Select(Describe))}."));
            return true;
        }

        if (differing[true].Any())
        {
            _warnings.Add($"{NameOf(analysis, label)}: looked at other layers: {string.Join("; ", differing[true].Select(Describe))}.");
        }

        return false;
    }

    private EffectComparison? Compare(Finding first, Finding? second)
    {
        string? reason = second is null ? $"'{_second.Results.Study}' has no such finding."
            : (first.Unit, first.HigherIsCloser) != (second.Unit, second.HigherIsCloser)
                ? $"closer to the teacher is {Closer(first)} in '{_first.Results.Study}' and {Closer(second)} in '{_second.Results.Study}'."
            : WhyNoEffect(first, _first) ?? WhyNoEffect(second, _second);
        if (reason is not null)
        {
            _notCompared.Add(new UncomparedEffect(NameOf(first), reason));
            return null;
        }

        (Estimate difference, ComparisonBasis basis, int[] seeds, double freedom) = Difference(first, second!);
        return new EffectComparison(
            first.Analysis, first.Measure, first.Title, first.Unit, first.Method, first.Effect!, second!.Effect!,
            first.Teacher, second.Teacher, first.Independent?.Mean, second.Independent?.Mean, difference, basis, seeds, freedom,
            Preliminary: first.Preliminary || second.Preliminary || seeds.Length < VerdictRules.MinimumSeeds)
        {
            Label = first.Label,
        };
    }

    // Paired on the seeds for which both have an effect, where these are enough. A seed has the same order of data in both, and perhaps the same independent student:
    // pairs leave out what that adds to both.
    private (Estimate Difference, ComparisonBasis Basis, int[] Seeds, double DegreesOfFreedom) Difference(Finding first, Finding second)
    {
        Dictionary<int, double> own = Measured(first), other = Measured(second);
        int[] seeds = [.. own.Keys.Where(other.ContainsKey)];
        if (seeds.Length < VerdictRules.MinimumSeeds && !own.Keys.ToHashSet().SetEquals(other.Keys))
        {
            (Estimate difference, double freedom) = WelchInterval.Of([.. own.Values], [.. other.Values]);
            return (difference, ComparisonBasis.IndependentSeeds, [], freedom);
        }

        if (seeds.Length > 1 && OfImages(first, second, seeds) is { } crossed)
        {
            return (crossed, ComparisonBasis.SeedsAndImages, seeds, seeds.Length - 1);
        }

        return (SeedInterval.Of([.. seeds.Select(s => own[s] - other[s])]), ComparisonBasis.Seeds, seeds, seeds.Length > 1 ? seeds.Length - 1 : double.NaN);
    }

    private Estimate? OfImages(Finding first, Finding second, int[] seeds)
    {
        if (_first.ScoresOf(first.Analysis, first.Label) is not { } own
            || _second.ScoresOf(second.Analysis, second.Label) is not { } other
            || !own.IsOfSameImages(other))
        {
            return null;
        }

        FindingScores a = own.Scores[(first.Measure, first.Method)], b = other.Scores[(second.Measure, second.Method)];
        var mean = CrossedMean.OfDifferenceOfDifferences(
            Rows(a, a.StudentOwn), Rows(a, a.IndependentOwn), Rows(b, b.StudentOwn), Rows(b, b.IndependentOwn), first.HigherIsCloser ? 1 : -1);
        return mean.SeedsUsed == seeds.Length ? new HierarchicalBootstrap().Estimate(mean) : null;

        IReadOnlyList<double[]> Rows(FindingScores scores, IReadOnlyList<double[]> rows) => [.. seeds.Select(s => rows[scores.Seeds.ToList().IndexOf(s)])];
    }

    private void NoteMissing(IEnumerable<Finding> findings, FinishedStudy lacking, bool isWhole = false) =>
        _notCompared.AddRange(findings.Select(f => new UncomparedEffect(isWhole ? NameOf(f.Analysis, f.Label) : NameOf(f), $"'{lacking.Results.Study}' has no such {(isWhole ? "analysis" : "finding")}.")));

    private void NoteSeeds(IReadOnlyList<EffectComparison> effects)
    {
        if (effects.Any(e => e.Basis == ComparisonBasis.IndependentSeeds))
        {
            _warnings.Add("Where fewer than three seeds are the same, effects are compared as independent samples (Welch's t). The interval does not allow for other images, so the comparison is preliminary.");
        }

        if (effects.FirstOrDefault(e => e.Basis != ComparisonBasis.IndependentSeeds && (e.Seeds.Count < e.First.PerSeed.Count || e.Seeds.Count < e.Second.PerSeed.Count)) is { } partly)
        {
            _warnings.Add($"Differences rest on the seeds that both studies have ({string.Join(", ", partly.Seeds)}); each effect is that of all its seeds.");
        }

        EffectComparison[] unlike = [.. effects.Where(e => FindingUnit.IsOfShares(e.Unit) && Math.Abs((e.FirstIndependent - e.SecondIndependent) ?? 0) > EqualFloors)];
        if (unlike.Length > 0)
        {
            _warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Independent students differ by more than {100 * EqualFloors:0} points, so effects have not the same room: {string.Join("; ", unlike.Select(e => string.Create(CultureInfo.InvariantCulture, $"{NameOf(e.Analysis, e.Label)}, {e.Measure} ({100 * e.FirstIndependent!.Value:0.0} and {100 * e.SecondIndependent!.Value:0.0} {FindingUnit.OfLevels(e.Unit)})")).Distinct())}."));
        }

        if (effects.Any(e => e.Basis == ComparisonBasis.Seeds))
        {
            _warnings.Add("Where the measurements of both studies are not at hand for the same images, each seed's effect counts as one number (Student's t), and the interval does not allow for other images.");
        }

        if (effects.Any(e => e.Preliminary))
        {
            _warnings.Add("Preliminary: some rest on fewer than three seeds, or on a finding that is preliminary itself.");
        }

        if (_differences.Count == 0)
        {
            _warnings.Add("The two studies do not differ in anything that trains or measures.");
        }

        StudyDifference[] split = [.. _differences.Where(d => d.Key is "data.train" or "data.validation" or "data.split-seed")];
        if (split.Length > 0)
        {
            _warnings.Add($"The students learnt from other images: {string.Join("; ", split.Select(Describe))}.");
        }
    }

    /// <summary>The effect of each seed that has one, in the finding's order.</summary>
    private static Dictionary<int, double> Measured(Finding finding) =>
        finding.Seeds.Zip(finding.Effect!.PerSeed).Where(p => !double.IsNaN(p.Second)).ToDictionary(p => p.First, p => p.Second);

    private static string? WhyNoEffect(Finding finding, FinishedStudy study) => finding.Effect is null || double.IsNaN(finding.Effect.Mean)
        ? $"not applicable in '{study.Results.Study}': {finding.Reason}"
        : null;

    private static string Closer(Finding finding) => $"{(finding.HigherIsCloser ? "higher" : "lower")} ({finding.Unit})";

    private static string NameOf(Finding finding) => $"{NameOf(finding.Analysis, finding.Label)}, {finding.Measure}, {finding.Method}";

    private static string NameOf(string analysis, string? label) => label is null ? analysis : $"{analysis} ({label})";

    private static string Describe(StudyDifference difference) =>
        string.Create(CultureInfo.InvariantCulture, $"{difference.Key} {difference.First ?? "not given"} and {difference.Second ?? "not given"}");

    private static ComparedStudy Describe(FinishedStudy study) => new(study.Folder, study.Results.Study, study.Seeds);
}
