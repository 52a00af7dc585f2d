using System.Globalization;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Models whose answers carry no information: one class for every image, or logits that are not finite. They would agree with,
/// be fooled by or look like anything for reasons that have nothing to do with a teacher, so they are named and left out.
/// </summary>
internal sealed class DegenerateModels
{
    private const string Constant = "constant";
    private const string NotFinite = "not-finite";
    private readonly Measurements _measurements;
    private readonly MeasurementTable _table;

    /// <summary>Reads what <see cref="Record"/> found on the images of a table.</summary>
    public DegenerateModels(Measurements measurements, MeasurementTable table)
    {
        _measurements = measurements;
        _table = table;
    }

    /// <summary>Why no question can be asked of the teacher; null where it can.</summary>
    public string? TeacherReason => Reason(MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher) is { } reason ? $"The teacher {reason}." : null;

    /// <summary>Why the other teacher cannot serve as a control; null where it can.</summary>
    public string? OtherTeacherReason => Reason(MeasurementKey.TeacherModel, null, MeasurementKey.OtherTeacher) is { } reason ? $"The other teacher {reason} and is not used as a control." : null;

    /// <summary>Records, for every model of a subject, what makes it degenerate on the images of a table.</summary>
    /// <param name="facts">Where it is recorded.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="subject">The models.</param>
    /// <param name="set">The set that the images are from.</param>
    /// <param name="positions">Which rows of the logits to look at, Int64 <c>[n]</c>; null for all.</param>
    public static void Record(List<MeasurementFact> facts, string table, AnalysisSubject subject, ImageSet set, Tensor? positions = null)
    {
        using var scope = new TensorScope();
        bool manyClasses = (positions is null ? set.Classes : positions.ToArray<long>().Select(i => set.Classes[(int)i])).Distinct().Count() > 1;
        void Look(ImageClassifier model, MeasurementKey key)
        {
            Tensor logits = subject.CleanLogits(model, set);
            logits = positions is null ? logits : logits.IndexSelect(0, positions);
            int notFinite = ClassificationMetrics.AgreementPerImage(logits, logits).Count(double.IsNaN);
            bool constant = manyClasses && ClassificationMetrics.Predictions(logits).Distinct().Count() == 1;
            facts.Add(new MeasurementFact(key with { Measure = Name(Constant, table) }, constant ? 1 : 0));
            facts.Add(new MeasurementFact(key with { Measure = Name(NotFinite, table) }, notFinite));
        }

        foreach ((string name, ImageClassifier model) in subject.Teachers())
        {
            Look(model, new MeasurementKey("", MeasurementKey.TeacherModel, null, name));
        }

        foreach (SubjectModel student in subject.StudentModels())
        {
            Look(student.Classifier, new MeasurementKey("", student.Method, student.Seed));
        }
    }

    /// <summary>True where a student is left out.</summary>
    public bool Contains(string method, int seed) => Reason(method, seed, "") is not null;

    /// <summary>Names what is left out of a finding.</summary>
    public IReadOnlyList<string> Notes(string method, IReadOnlyList<int> seeds)
    {
        var notes = new List<string>();
        foreach (string label in new[] { method, MeasurementKey.Independent })
        {
            foreach (int seed in seeds)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"The {label} student of seed {seed}");
                if (Reason(label, seed, "") is { } reason)
                {
                    notes.Add($"{name} {reason}; it is left out.");
                }
                else if (Number(NotFinite, label, seed, "") is > 0 and var images)
                {
                    notes.Add($"{name} has logits that are not finite for {images} images; they are left out.");
                }
            }
        }

        if (OtherTeacherReason is { } other)
        {
            notes.Add(other);
        }

        return notes;
    }

    private static string Name(string measure, string table) => $"{measure}-{table}";

    private string? Reason(string method, int? seed, string teacher)
    {
        if (Number(NotFinite, method, seed, teacher) >= _table.Images.Count)
        {
            return "has no finite logits";
        }

        return Number(Constant, method, seed, teacher) > 0
            ? $"gives the same class for all {_table.Images.Count.ToString(CultureInfo.InvariantCulture)} images"
            : null;
    }

    private double Number(string measure, string method, int? seed, string teacher) =>
        _measurements.Fact(new MeasurementKey(Name(measure, _table.Name), method, seed, teacher))?.Value ?? 0;
}
