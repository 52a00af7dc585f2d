using System.Globalization;
using DistillSharp.Statistics;

namespace DistillSharp.Inheritance;

/// <summary>What a reader needs beside a share of answers kept: every strength, the other teacher, how much of the gap is closed, what was left out.</summary>
internal static class InvarianceNotes
{
    public static IEnumerable<string> Write(Measurements measurements, InvarianceScores scores, FindingScores levels, InvarianceStrengths asked, string method)
    {
        string[] notes =
        [
            .. scores.SeedNotes(asked.Main, method),
            .. scores.Degenerate.Notes(method, levels.Seeds),
            .. OneAnswer(measurements, levels.Seeds, asked, method),
        ];
        foreach (string note in notes)
        {
            yield return note;
        }

        if (asked.Change.Remark((int)(measurements.Fact(new MeasurementKey(InvarianceAnalysis.Channels))?.Value ?? 0)) is { } remark)
        {
            yield return remark;
        }

        foreach (double strength in asked.All)
        {
            yield return Sweep(scores, asked, strength, method);
        }

        if (levels.StudentOther is null)
        {
            yield return "No students of another teacher were distilled by this method, so nothing shows that the property comes from this teacher; a second teacher with 'teaches: true' gives them to methods that have a teacher, --other-student to an audit.";
        }

        foreach (string note in Controls(scores, levels, asked.Main))
        {
            yield return note;
        }
    }

    private static IEnumerable<string> Controls(InvarianceScores scores, FindingScores levels, double strength)
    {
        double teacher = scores.Teacher(strength, MeasurementKey.OwnTeacher), other = scores.Teacher(strength, MeasurementKey.OtherTeacher);
        double independent = Scores.Mean(levels.IndependentOwn), gap = teacher - independent;
        if (gap > 0)
        {
            string Closed(double level) => string.Create(CultureInfo.InvariantCulture, $"{100 * (level - independent) / gap:0} %");
            string cross = levels.StudentOther is { } students && Scores.Mean(students) is var level && !double.IsNaN(level) ? $", students of the other teacher at {Closed(level)}" : "";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"From independent students to the teacher it is {100 * gap:0.0} points: students lie at {Closed(Scores.Mean(levels.StudentOwn))} of the way{cross}.");
        }

        if (!double.IsNaN(other))
        {
            yield return other < teacher
                ? $"The other teacher itself keeps its answer on {Percent(other)} of the images, the teacher on {Percent(teacher)}."
                : $"The other teacher itself keeps its answer on {Percent(other)} of the images, the teacher on {Percent(teacher)}: it has the property as much, so own minus other can hide what was inherited. A control should be trained without it.";
        }

        foreach (string note in StudentScores.OtherNotes(levels))
        {
            yield return note;
        }
    }

    /// <summary>One strength in a sentence: the curve in numbers.</summary>
    private static string Sweep(InvarianceScores scores, InvarianceStrengths asked, double strength, string method)
    {
        FindingScores levels = scores.Levels(strength, method);
        string cross = levels.StudentOther is { } other ? $", students of the other teacher {Percent(Scores.Mean(other))}" : "";
        string floor = levels.HasFloor ? $", independent students {Percent(Scores.Mean(levels.IndependentOwn))}" : "";
        string control = scores.Teacher(strength, MeasurementKey.OtherTeacher) is var rate && !double.IsNaN(rate) ? $", other teacher {Percent(rate)}" : "";
        return $"Answers kept, {asked.Change.Describe(strength)}: teacher {Percent(scores.Teacher(strength, MeasurementKey.OwnTeacher))}, students {Percent(Scores.Mean(levels.StudentOwn))}{floor}{cross}{control}.";
    }

    private static IEnumerable<string> OneAnswer(Measurements measurements, IReadOnlyList<int> seeds, InvarianceStrengths asked, string method)
    {
        var models = new List<(string Name, MeasurementKey Key)>
        {
            ("teacher", new("", MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher)), ("other teacher", new("", MeasurementKey.TeacherModel, null, MeasurementKey.OtherTeacher)),
        };
        foreach (int seed in seeds)
        {
            string of = string.Create(CultureInfo.InvariantCulture, $"student of seed {seed}");
            models.Add(($"{method} {of}", new("", method, seed, MeasurementKey.OwnTeacher)));
            models.Add(($"{MeasurementKey.Independent} {of}", new("", MeasurementKey.Independent, seed, MeasurementKey.OwnTeacher)));
            models.Add(($"{method} {of} of the other teacher", new("", method, seed, MeasurementKey.OtherTeacher)));
        }

        foreach (double strength in asked.All)
        {
            foreach ((string name, MeasurementKey key) in models)
            {
                if (measurements.Fact(key with { Measure = InvarianceScores.OneAnswer(strength) }) is not null)
                {
                    yield return $"The {name} gives the same class to all changed images, or nearly all ({asked.Change.Describe(strength)}); it is left out there.";
                }
            }
        }
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
