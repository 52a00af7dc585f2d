using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Inheritance;

/// <summary>The levels of every kind of model at the places of a chart. A student that is left out of findings for what it is by itself is left out; one whose partner or teacher is, is drawn.</summary>
internal sealed class ChartLevels
{
    /// <summary>What every chart's explanation ends with.</summary>
    public static string Intervals(IReadOnlyList<ChartSeries> series)
    {
        string teacher = series.Any(s => s.Role is ChartSeries.Teacher or ChartSeries.OtherTeacher) ? "; those of a teacher, of which there is one, over images alone" : "";
        return $"Intervals are of 95 %, over seeds and images{teacher}. Models and images that the notes name as left out are left out here.";
    }

    private readonly IReadOnlyList<ChartPlace> _places;
    private readonly Measurements _measurements;

    /// <summary>Takes the places of a chart.</summary>
    /// <param name="places">The places.</param>
    /// <param name="measurements">Where it is recorded which models are left out.</param>
    public ChartLevels(IReadOnlyList<ChartPlace> places, Measurements measurements) => (_places, _measurements) = (places, measurements);

    /// <summary>
    /// The series of a property that a model has by itself: teacher, other teacher, independent students, then each method's students and
    /// those of the other teacher.
    /// </summary>
    /// <param name="builder">Draws the intervals.</param>
    /// <param name="unit">The levels' unit, a <see cref="FindingUnit"/>; intervals of shares lie from 0 to 1.</param>
    public IReadOnlyList<ChartSeries> ByThemselves(FindingBuilder builder, string unit = FindingUnit.Share) => Estimate(
        [
            new(ChartSeries.Teacher, ChartSeries.NoMethod, p => Column(p, MeasurementKey.TeacherModel, MeasurementKey.OwnTeacher)),
            new(ChartSeries.OtherTeacher, ChartSeries.NoMethod, p => Column(p, MeasurementKey.TeacherModel, MeasurementKey.OtherTeacher)),
            .. Students(),
            .. Methods.Select(m => new Wanted(ChartSeries.CrossStudent, m, p => Columns(p, m, MeasurementKey.OtherTeacher))),
        ],
        builder,
        unit);

    /// <summary>The series of a share that students have with respect to a teacher: independent students, then each method's.</summary>
    /// <param name="builder">Draws the intervals.</param>
    public IReadOnlyList<ChartSeries> OfStudents(FindingBuilder builder) => Estimate([.. Students()], builder, FindingUnit.Share);

    private IEnumerable<string> Methods =>
        _places.SelectMany(p => p.Table.Keys.Where(k => k.Measure == p.Measure && k.Method is not (MeasurementKey.Independent or MeasurementKey.TeacherModel)).Select(k => k.Method)).Distinct();

    private IEnumerable<Wanted> Students() =>
    [
        new(ChartSeries.Independent, ChartSeries.NoMethod, p => Columns(p, MeasurementKey.Independent, p.Teacher)),
        .. Methods.Select(m => new Wanted(ChartSeries.Student, m, p => Columns(p, m, p.Teacher))),
    ];

    private static IReadOnlyList<double[]> Column(ChartPlace place, string method, string teacher) =>
        place.Table.Find(new MeasurementKey(place.Measure, method, null, teacher)) is { } scores ? [scores] : [];

    private IReadOnlyList<double[]> Columns(ChartPlace place, string method, string teacher)
    {
        var degenerate = new DegenerateModels(_measurements, place.Table);

        // Columns with the other teacher are of its own students only where the place does not stand for that teacher.
        bool IsLeftOut(int seed) => teacher == MeasurementKey.OtherTeacher && place.Teacher != teacher ? degenerate.ContainsCross(method, seed) : degenerate.Contains(method, seed);
        return
        [
            .. place.Table.Keys
                .Where(k => k.Measure == place.Measure && k.Method == method && k.Teacher == teacher && k.Seed is { } seed && !IsLeftOut(seed))
                .Select(k => place.Table[k]),
        ];
    }

    private List<ChartSeries> Estimate(IReadOnlyList<Wanted> wanted, FindingBuilder builder, string unit)
    {
        var levels = wanted.Select(_ => _places.Select(_ => new Estimate(double.NaN, double.NaN, double.NaN, [])).ToArray()).ToList();
        var cells = from w in Enumerable.Range(0, wanted.Count)
                    from p in Enumerable.Range(0, _places.Count)
                    let scores = wanted[w].Scores(_places[p])
                    where scores.Count > 0
                    select (Series: w, Place: p, Scores: scores);

        // Together, where tables have as many images: they share the resampled images, and so the time to draw them.
        foreach (var alike in cells.GroupBy(c => c.Scores[0].Length))
        {
            foreach (((int series, int place, _), Estimate level) in alike.Zip(builder.Levels([.. alike.Select(c => c.Scores)], unit)))
            {
                levels[series][place] = level;
            }
        }

        return [.. wanted.Zip(levels, (w, l) => new ChartSeries(w.Role, w.Method, l)).Where(s => s.Levels.Any(l => !double.IsNaN(l.Mean)))];
    }

    private sealed record Wanted(string Role, string Method, Func<ChartPlace, IReadOnlyList<double[]>> Scores);
}
