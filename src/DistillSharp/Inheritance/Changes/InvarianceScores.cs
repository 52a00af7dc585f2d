using DistillSharp.Statistics;

namespace DistillSharp.Inheritance;

/// <summary>The columns of the invariance analysis as the statistics want them. The other teacher's column is that of its own students: a property of a student by itself has no other reference.</summary>
internal sealed class InvarianceScores(MeasurementTable table, DegenerateModels degenerate)
{
    private readonly StudentScores _scores = new(table, degenerate);

    /// <summary>Which models are left out.</summary>
    public DegenerateModels Degenerate => degenerate;

    /// <summary>The fact that a model gives one answer to all changed images of a strength.</summary>
    public static string OneAnswer(double strength) => "one-answer-" + InvarianceStrengths.Text(strength);

    /// <summary>The distilled students' methods.</summary>
    public IReadOnlyList<string> Methods(double strength) => _scores.Methods(InvarianceStrengths.Measure(strength));

    /// <summary>Names seeds that are not in a method's findings.</summary>
    public IEnumerable<string> SeedNotes(double strength, string method) => _scores.SeedNotes(InvarianceStrengths.Measure(strength), method);

    /// <summary>The share of its answers that a teacher keeps, 0 to 1; NaN where there is no such teacher.</summary>
    public double Teacher(double strength, string teacher) =>
        Scores.Mean(table.Find(new MeasurementKey(InvarianceStrengths.Measure(strength), MeasurementKey.TeacherModel, null, teacher)) ?? []);

    /// <summary>The scores of one method: its students, independent students, the same method's students of the other teacher.</summary>
    public FindingScores Levels(double strength, string method) => _scores.ByThemselves(InvarianceStrengths.Measure(strength), method);
}
