using System.Globalization;
using DistillSharp.Statistics;

namespace DistillSharp.Inheritance;

/// <summary>
/// Arranges the columns of a table as the statistics want them: distilled and independent students of the same seeds,
/// own and other teacher, and each pair of independent students once, lower seed first.
/// </summary>
internal sealed class StudentScores(MeasurementTable table, DegenerateModels degenerate)
{
    /// <summary>The distilled students' methods that have columns of a measure, in the table's order.</summary>
    public IReadOnlyList<string> Methods(string measure) =>
        [.. table.Keys.Where(k => k.Measure == measure && k.Method is not (MeasurementKey.Independent or MeasurementKey.TeacherModel)).Select(k => k.Method).Distinct()];

    /// <summary>True where independent students were measured. Without them scores have no floor, and findings are levels only.</summary>
    public bool HasFloor(string measure) => SeedsOf(measure, MeasurementKey.Independent).Count > 0;

    /// <summary>The seeds for which both a method's student and an independent student were measured; without any independent student, all of the method.</summary>
    public IReadOnlyList<int> Seeds(string measure, string method)
    {
        IReadOnlyList<int> independent = SeedsOf(measure, MeasurementKey.Independent);
        return [.. SeedsOf(measure, method).Where(s => independent.Count == 0 || independent.Contains(s))];
    }

    /// <summary>Scores that hold for one student by itself: each level is a column of the measure.</summary>
    /// <param name="measure">The measure whose columns are the levels.</param>
    /// <param name="method">The distilled students' method.</param>
    public FindingScores Levels(string measure, string method)
    {
        IReadOnlyList<int> seeds = Seeds(measure, method), floor = HasFloor(measure) ? seeds : [];
        bool other = HasOther(measure, method, seeds);
        return new FindingScores
        {
            Seeds = seeds,
            StudentOwn = [.. seeds.Select(s => Column(measure, method, s, MeasurementKey.OwnTeacher))],
            IndependentOwn = [.. floor.Select(s => Column(measure, MeasurementKey.Independent, s, MeasurementKey.OwnTeacher))],
            StudentOther = other ? [.. seeds.Select(s => Column(measure, method, s, MeasurementKey.OtherTeacher))] : null,
            IndependentOther = other ? [.. floor.Select(s => Column(measure, MeasurementKey.Independent, s, MeasurementKey.OtherTeacher))] : null,
            NullPairs = NullPairs(measure, (student, independent) => (student, independent)),
            NotApplicableReason = NotApplicable(seeds),
        };
    }

    /// <summary>
    /// Scores of a property that a student has by itself: the other teacher's column is that of its own students, because no other
    /// reference separates what is inherited from what any teacher gives.
    /// </summary>
    /// <inheritdoc cref="Levels"/>
    public FindingScores ByThemselves(string measure, string method)
    {
        FindingScores levels = Levels(measure, method);
        double[]?[] cross = [.. levels.Seeds.Select(seed => degenerate.ContainsCross(method, seed) ? null : table.Find(new MeasurementKey(measure, method, seed, MeasurementKey.OtherTeacher)))];
        return degenerate.OtherTeacherReason is not null || cross.All(c => c is null)
            ? levels with { StudentOther = null, IndependentOther = null }
            : levels with
            {
                StudentOther = [.. cross.Select(c => c ?? [.. Enumerable.Repeat(double.NaN, table.Images.Count)])],
                IndependentOther = levels.IndependentOwn,
                OtherIsStudent = true,
            };
    }

    /// <summary>
    /// Scores that compare the two students image by image: 1 where the distilled one has the larger value, 0 where the smaller,
    /// 0.5 where both are equal, NaN where one is missing. The independent student's score is then 0.5 throughout.
    /// Without independent students there is nothing to compare: no image has a score, and the finding is not applicable.
    /// </summary>
    /// <inheritdoc cref="Levels"/>
    public FindingScores Comparisons(string measure, string method)
    {
        IReadOnlyList<int> seeds = Seeds(measure, method);
        if (!HasFloor(measure))
        {
            return new FindingScores
            {
                Seeds = seeds,
                StudentOwn = [.. seeds.Select(_ => Enumerable.Repeat(double.NaN, table.Images.Count).ToArray())],
                IndependentOwn = [],
                NotApplicableReason = degenerate.TeacherReason ?? "This measure compares each student with an independent student, and there is none.",
            };
        }

        bool other = HasOther(measure, method, seeds);
        IReadOnlyList<double[]> Compared(string teacher) =>
            [.. seeds.Select(s => Larger(Column(measure, method, s, teacher), Column(measure, MeasurementKey.Independent, s, teacher)))];
        return new FindingScores
        {
            Seeds = seeds,
            StudentOwn = Compared(MeasurementKey.OwnTeacher),
            IndependentOwn = [.. seeds.Select(_ => Halves())],
            StudentOther = other ? Compared(MeasurementKey.OtherTeacher) : null,
            IndependentOther = other ? [.. seeds.Select(_ => Halves())] : null,
            NullPairs = NullPairs(measure, (student, independent) => (Larger(student, independent), Halves())),
            NotApplicableReason = NotApplicable(seeds),
        };
    }

    /// <summary>Names the seeds of a method that lack the distilled or the independent student, and so are not in its findings.</summary>
    public IEnumerable<string> SeedNotes(string measure, string method)
    {
        IReadOnlyList<int> distilled = SeedsOf(measure, method), independent = SeedsOf(measure, MeasurementKey.Independent);
        if (independent.Count == 0)
        {
            yield break;
        }

        foreach ((int[] seeds, string lacking) in new[] { (distilled.Except(independent).ToArray(), MeasurementKey.Independent), (independent.Except(distilled).ToArray(), method) })
        {
            if (seeds.Length > 0)
            {
                yield return $"Not in this finding, because there is no {lacking} student: seed {string.Join(", ", seeds)}.";
            }
        }
    }

    /// <summary>Counts what is left out of the other-teacher control.</summary>
    public static IEnumerable<string> OtherNotes(FindingScores scores)
    {
        if (scores is { StudentOther: { } student, IndependentOther: { Count: > 0 } independent } && ExcludedShare(student, independent) is > 0 and var share)
        {
            int images = student[0].Length;
            yield return string.Create(CultureInfo.InvariantCulture, $"Other-teacher control: {share * images:0.#} of {images} images a seed are excluded.");
        }
    }

    /// <summary>
    /// The share of the images, 0 to 1, that a finding leaves out because a score is missing, over the seeds that have images left;
    /// 0 where no seed has. A large share says that a finding rests on a selected part.
    /// </summary>
    public static double ExcludedShare(IReadOnlyList<double[]> student, IReadOnlyList<double[]> independent) =>
        student.Zip(independent, (s, i) => s.Zip(i).Select(p => double.IsNaN(p.First + p.Second) ? 1.0 : 0.0).DefaultIfEmpty(1).Average()).Where(e => e < 1).DefaultIfEmpty(0).Average();

    /// <summary>A student's column; NaN throughout where the student is degenerate.</summary>
    public double[] Column(string measure, string method, int seed, string teacher)
    {
        double[] values = table[new MeasurementKey(measure, method, seed, teacher)];
        return degenerate.Contains(method, seed) ? [.. Enumerable.Repeat(double.NaN, values.Length)] : values;
    }

    private static double[] Larger(double[] student, double[] independent) =>
        [.. student.Zip(independent, (s, i) => s > i ? 1 : s < i ? 0 : s == i ? 0.5 : double.NaN)];

    private double[] Halves() => [.. Enumerable.Repeat(0.5, table.Images.Count)];

    private IReadOnlyList<int> SeedsOf(string measure, string method) =>
        [.. table.Keys.Where(k => k.Measure == measure && k.Method == method && k.Teacher == MeasurementKey.OwnTeacher).Select(k => k.Seed!.Value)];

    private bool HasOther(string measure, string method, IReadOnlyList<int> seeds) =>
        degenerate.OtherTeacherReason is null && seeds.Count > 0
        && table.Find(new MeasurementKey(measure, HasFloor(measure) ? MeasurementKey.Independent : method, seeds[0], MeasurementKey.OtherTeacher)) is not null;

    private string? NotApplicable(IReadOnlyList<int> seeds) =>
        degenerate.TeacherReason ?? (seeds.Count == 0 ? "There is no seed with both a distilled and an independent student." : null);

    private IReadOnlyList<NullPair> NullPairs(string measure, Func<double[], double[], (double[] Student, double[] Independent)> score)
    {
        int[] seeds = [.. SeedsOf(measure, MeasurementKey.Independent).Where(s => !degenerate.Contains(MeasurementKey.Independent, s)).Order()];
        var pairs = new List<NullPair>();
        for (int first = 0; first < seeds.Length; first++)
        {
            for (int second = first + 1; second < seeds.Length; second++)
            {
                (double[] student, double[] independent) = score(
                    Column(measure, MeasurementKey.Independent, seeds[first], MeasurementKey.OwnTeacher),
                    Column(measure, MeasurementKey.Independent, seeds[second], MeasurementKey.OwnTeacher));
                pairs.Add(new NullPair(seeds[first], seeds[second], student, independent));
            }
        }

        return pairs;
    }
}
