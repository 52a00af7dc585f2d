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

    /// <summary>The seeds for which both a method's student and an independent student were measured.</summary>
    public IReadOnlyList<int> Seeds(string measure, string method)
    {
        IReadOnlyList<int> independent = SeedsOf(measure, MeasurementKey.Independent);
        return [.. SeedsOf(measure, method).Where(independent.Contains)];
    }

    /// <summary>Scores that hold for one student by itself: each level is a column of the measure.</summary>
    /// <param name="measure">The measure whose columns are the levels.</param>
    /// <param name="method">The distilled students' method.</param>
    public FindingScores Levels(string measure, string method)
    {
        IReadOnlyList<int> seeds = Seeds(measure, method);
        bool other = HasOther(measure, seeds);
        return new FindingScores
        {
            Seeds = seeds,
            StudentOwn = [.. seeds.Select(s => Column(measure, method, s, MeasurementKey.OwnTeacher))],
            IndependentOwn = [.. seeds.Select(s => Column(measure, MeasurementKey.Independent, s, MeasurementKey.OwnTeacher))],
            StudentOther = other ? [.. seeds.Select(s => Column(measure, method, s, MeasurementKey.OtherTeacher))] : null,
            IndependentOther = other ? [.. seeds.Select(s => Column(measure, MeasurementKey.Independent, s, MeasurementKey.OtherTeacher))] : null,
            NullPairs = NullPairs(measure, (student, independent) => (student, independent)),
            NotApplicableReason = NotApplicable(seeds),
        };
    }

    /// <summary>
    /// Scores that compare the two students image by image: 1 where the distilled one has the larger value, 0 where the smaller,
    /// NaN where both are equal or one is missing. The independent student's score is then 0.5 throughout.
    /// </summary>
    /// <inheritdoc cref="Levels"/>
    public FindingScores Comparisons(string measure, string method)
    {
        IReadOnlyList<int> seeds = Seeds(measure, method);
        bool other = HasOther(measure, seeds);
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

    /// <summary>A student's column; NaN throughout where the student is degenerate.</summary>
    public double[] Column(string measure, string method, int seed, string teacher)
    {
        double[] values = table[new MeasurementKey(measure, method, seed, teacher)];
        return degenerate.Contains(method, seed) ? [.. Enumerable.Repeat(double.NaN, values.Length)] : values;
    }

    private static double[] Larger(double[] student, double[] independent) =>
        [.. student.Zip(independent, (s, i) => s > i ? 1 : s < i ? 0 : double.NaN)];

    private double[] Halves() => [.. Enumerable.Repeat(0.5, table.Images.Count)];

    private IReadOnlyList<int> SeedsOf(string measure, string method) =>
        [.. table.Keys.Where(k => k.Measure == measure && k.Method == method && k.Teacher == MeasurementKey.OwnTeacher).Select(k => k.Seed!.Value)];

    private bool HasOther(string measure, IReadOnlyList<int> seeds) =>
        degenerate.OtherTeacherReason is null && seeds.Count > 0
        && table.Find(new MeasurementKey(measure, MeasurementKey.Independent, seeds[0], MeasurementKey.OtherTeacher)) is not null;

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
