using System.Globalization;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Inheritance;

/// <summary>Whether students got their teacher's skill at looking at the object: findings from the columns of <see cref="BoxTable"/>.</summary>
internal sealed class BoxFindings
{
    /// <summary>By how much a teacher must look at the object more than independent students do, where the option has no value.</summary>
    public const double UsualMargin = 0.05;

    private static readonly (string Measure, string Title, string Lead, string Skill)[] Kinds =
    [
        (BoxTable.Energy, "Share of the map that lies in the object's box", "Of a student's map {student} lies in the object's box, of an independent student's {independent}", "of its map lies in the object's box"),
        (BoxTable.Pointing, "Images on which the map's maximum lies in the object's box", "The maximum of a student's map lies in the object's box on {student} of the images, that of an independent student on {independent}", "of the images have its map's maximum in the object's box"),
    ];

    private readonly Measurements _measurements;
    private readonly MeasurementTable _table;
    private readonly DegenerateModels _degenerate;
    private readonly StudentScores _scores;
    private readonly double _margin;

    /// <summary>Reads what was measured.</summary>
    /// <param name="measurements">All measurements.</param>
    /// <param name="table">The table <see cref="BoxTable.Name"/>.</param>
    /// <param name="margin">By how much, 0 to 1, the teacher must look at the object more than independent students do.</param>
    public BoxFindings(Measurements measurements, MeasurementTable table, double margin)
    {
        _measurements = measurements;
        _table = table;
        _margin = margin;
        _degenerate = new DegenerateModels(measurements, table);
        _scores = new StudentScores(table, _degenerate);
    }

    /// <summary>One finding for each measure and method.</summary>
    /// <param name="builder">Where findings come from.</param>
    /// <param name="texts">The texts that do not depend on measure and method.</param>
    /// <param name="noMaps">Why there are no maps to measure for a method and seeds; null where there are.</param>
    /// <param name="kind">What is worth saying of the kind of map.</param>
    public IEnumerable<Finding> Conclude(FindingBuilder builder, FindingTexts texts, Func<string, IReadOnlyList<int>, string?> noMaps, IReadOnlyList<string> kind)
    {
        foreach ((string measure, string title, string lead, string skill) in Kinds)
        {
            foreach (string method in _scores.Methods(measure))
            {
                FindingScores levels = _scores.ByThemselves(measure, method);
                string? reason = levels.NotApplicableReason ?? noMaps(method, levels.Seeds) ?? Lacks(measure, levels, skill);
                double teacher = Teacher(measure, MeasurementKey.OwnTeacher);
                FindingTexts full = texts with
                {
                    Measure = "box-" + measure,
                    Title = title,
                    Method = method,
                    ReasonLead = lead,
                    Notes = [.. _scores.SeedNotes(measure, method), .. _degenerate.Notes(method, levels.Seeds), .. Notes(measure, method, levels), .. kind, .. StudentScores.OtherNotes(levels)],
                };
                yield return builder.Build(full, levels with { Teacher = double.IsNaN(teacher) || levels.NotApplicableReason is not null ? null : teacher, NotApplicableReason = reason });
            }
        }
    }

    /// <summary>What is said of a teacher that finds objects no better than this map of no knowledge.</summary>
    private (double Level, string Name) Baseline(string measure)
    {
        bool energy = measure == BoxTable.Energy;
        return new[]
        {
            (Mean(BoxTable.Covered), "a map that is the same everywhere"),
            (Mean(energy ? BoxTable.CentreEnergy : BoxTable.CentrePointing), energy ? "a box of the mean size in the middle" : "the middle of the image"),
            (Mean(energy ? BoxTable.BestEnergy : BoxTable.BestPointing), "the pixel that most boxes cover"),
        }.MaxBy(b => b.Item1);
    }

    private string? Lacks(string measure, FindingScores levels, string skill)
    {
        double teacher = Teacher(measure, MeasurementKey.OwnTeacher), independent = Scores.Mean(levels.IndependentOwn);
        if (double.IsNaN(teacher))
        {
            return $"The teacher's map is zero throughout on all {_table.Images.Count.ToString(CultureInfo.InvariantCulture)} images with a box.";
        }

        (double baseline, string name) = Baseline(measure);
        if (!(teacher > baseline))
        {
            return $"The teacher finds objects no better than what knows nothing of the image: {Percent(teacher)} {skill}; {name} has {Percent(baseline)}.";
        }

        return teacher - independent < _margin
            ? $"The teacher looks at the object no more than independent students do: {Percent(teacher)} {skill}, {Percent(independent)} in independent students; {Points(_margin)} more are needed (box-margin)."
            : null;
    }

    private IEnumerable<string> Notes(string measure, string method, FindingScores levels)
    {
        double width = Fact(BoxTable.MeanWidth), height = Fact(BoxTable.MeanHeight), without = Fact(BoxTable.Without);
        int images = _table.Images.Count;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Boxes: {images} of {images + without} measured images have one; it is {width:0.#} x {height:0.#} pixels and {Percent(Mean(BoxTable.Covered))} of the image on average.{(without > 0 ? $" {without} images without box are left out." : "")}");
        yield return measure == BoxTable.Energy
            ? $"A map that is the same everywhere has {Percent(Mean(BoxTable.Covered))} of itself in the box; one that is the same in a box of the mean size in the middle and zero elsewhere {Percent(Mean(BoxTable.CentreEnergy))}; one that is zero but for the pixel that most boxes cover {Percent(Mean(BoxTable.BestEnergy))}, the most that a map can have without a look at the image; the teacher {Percent(Teacher(measure, MeasurementKey.OwnTeacher))}."
            : $"A random point hits the box on {Percent(Mean(BoxTable.Covered))} of the images; the middle of the image on {Percent(Mean(BoxTable.CentrePointing))}, the pixel that most boxes cover on {Percent(Mean(BoxTable.BestPointing))}; the teacher's maximum on {Percent(Teacher(measure, MeasurementKey.OwnTeacher))}.";
        if (Baseline(measure) is var (level, name) && Scores.Mean(levels.StudentOwn) <= level)
        {
            yield return $"The students find objects no better than {name} does.";
        }

        foreach (string note in ZeroMaps(measure, method, levels.Seeds).Concat(Controls(measure, levels)))
        {
            yield return note;
        }
    }

    private IEnumerable<string> Controls(string measure, FindingScores levels)
    {
        double teacher = Teacher(measure, MeasurementKey.OwnTeacher), other = Teacher(measure, MeasurementKey.OtherTeacher);
        double independent = Scores.Mean(levels.IndependentOwn), gap = teacher - independent;
        if (gap > 0)
        {
            string Closed(double level) => string.Create(CultureInfo.InvariantCulture, $"{100 * (level - independent) / gap:0} %");
            string cross = levels.StudentOther is { } students && Scores.Mean(students) is var level && !double.IsNaN(level) ? $", students of the other teacher at {Closed(level)}" : "";
            yield return $"From independent students to the teacher it is {Points(gap)}: students lie at {Closed(Scores.Mean(levels.StudentOwn))} of the way{cross}.";
        }

        if (levels.StudentOther is null)
        {
            yield return "No students of another teacher were distilled by this method, so nothing shows that the skill comes from this teacher; a second teacher with 'teaches: true' gives them to methods that have a teacher, --other-student to an audit.";
        }

        if (!double.IsNaN(other))
        {
            yield return other < teacher
                ? $"The other teacher itself has {Percent(other)}, the teacher {Percent(teacher)}."
                : $"The other teacher itself has {Percent(other)}, the teacher {Percent(teacher)}: it finds objects as well, so own minus other can hide what was inherited.";
        }
    }

    private IEnumerable<string> ZeroMaps(string measure, string method, IReadOnlyList<int> seeds)
    {
        int images = _table.Images.Count;
        foreach ((string name, string teacher) in new[] { ("teacher", MeasurementKey.OwnTeacher), ("other teacher", MeasurementKey.OtherTeacher) })
        {
            if (Missing(new MeasurementKey(measure, MeasurementKey.TeacherModel, null, teacher)) is > 0 and var count)
            {
                yield return $"No map, left out: {name}, {count} of {images} images with a box.";
            }
        }

        foreach ((string name, string label, string teacher) in new[]
        {
            (method, method, MeasurementKey.OwnTeacher), (MeasurementKey.Independent, MeasurementKey.Independent, MeasurementKey.OwnTeacher), ($"other teacher's {method}", method, MeasurementKey.OtherTeacher),
        })
        {
            int[] counts = [.. seeds.Select(s => Missing(new MeasurementKey(measure, label, s, teacher)))];
            if (counts.Any(c => c > 0))
            {
                yield return $"No map, left out: {name} students, {string.Join(", ", counts)} of {images} images with a box (seeds {string.Join(", ", seeds)}).";
            }
        }
    }

    private int Missing(MeasurementKey key) => _table.Find(key)?.Count(double.IsNaN) ?? 0;

    private double Teacher(string measure, string teacher) => Scores.Mean(_table.Find(new MeasurementKey(measure, MeasurementKey.TeacherModel, null, teacher)) ?? []);

    private double Mean(string column) => Scores.Mean(_table[new MeasurementKey(column)]);

    private double Fact(string measure) => _measurements.Fact(new MeasurementKey(measure))?.Value ?? double.NaN;

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    private static string Points(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} points");
}
