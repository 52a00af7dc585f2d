using System.Globalization;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Models whose answers carry no information: one class for nearly every image, or logits that are not finite. They would agree with,
/// be fooled by or look like anything for reasons that have nothing to do with a teacher, so they are named and left out.
/// A teacher must also be clearly better than chance: who follows a teacher that knows nothing has inherited nothing.
/// </summary>
internal sealed class DegenerateModels
{
    private const string LargestShare = "largest-class-share";
    private const string Accuracy = "accuracy";
    private const string Needed = "accuracy-needed";

    /// <summary>A model with this share of its predictions in one class has one answer.</summary>
    private const double OneAnswer = 0.99;

    /// <summary>Labels are spread where no class has more than this share of them; else one answer may be the right one.</summary>
    private const double Spread = 0.9;
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
    /// <param name="crossStudents">Whether the other teacher's students are looked at too.</param>
    /// <param name="unseen">
    /// True for images that the models were not made for: there a teacher may be at chance, and a student's single answer is an answer, so
    /// only teachers with one answer and models without finite logits are found.
    /// </param>
    public static void Record(
        List<MeasurementFact> facts, string table, AnalysisSubject subject, ImageSet set, Tensor? positions = null, bool crossStudents = false, bool unseen = false)
    {
        using var scope = new TensorScope();
        int[] labels = positions is null ? [.. set.Classes] : [.. positions.ToArray<long>().Select(i => set.Classes[(int)i])];
        bool spread = Largest(labels) <= Spread;
        void Look(ImageClassifier model, MeasurementKey key)
        {
            Tensor logits = subject.CleanLogits(model, set);
            logits = positions is null ? logits : logits.IndexSelect(0, positions);
            bool teacher = key.Method == MeasurementKey.TeacherModel;
            int notFinite = ClassificationMetrics.AgreementPerImage(logits, logits).Count(double.IsNaN);
            int[] predictions = ClassificationMetrics.FinitePredictions(logits);
            bool asked = spread && (teacher || !unseen);
            facts.Add(new MeasurementFact(key with { Measure = Name(LargestShare, table) }, asked ? Largest(predictions.Where(p => p >= 0)) : 0));
            facts.Add(new MeasurementFact(key with { Measure = Name(NotFinite, table) }, notFinite));
            if (teacher && !unseen)
            {
                facts.Add(new MeasurementFact(key with { Measure = Name(Accuracy, table) }, Scores.Mean(predictions.Zip(labels, (p, l) => p < 0 ? double.NaN : p == l ? 1 : 0))));
                facts.Add(new MeasurementFact(key with { Measure = Name(Needed, table) }, NeededAccuracy((int)logits.Size(1))));
            }
        }

        foreach ((string name, ImageClassifier model) in subject.Teachers())
        {
            Look(model, new MeasurementKey("", MeasurementKey.TeacherModel, null, name));
        }

        foreach (SubjectModel student in subject.StudentModels())
        {
            Look(student.Classifier, new MeasurementKey("", student.Method, student.Seed));
        }

        foreach (SubjectModel student in crossStudents ? subject.CrossStudentModels() : [])
        {
            Look(student.Classifier, new MeasurementKey("", student.Method, student.Seed, MeasurementKey.OtherTeacher));
        }
    }

    /// <summary>True where a model gives one class for nearly all images, although labels are spread.</summary>
    /// <param name="predictions">The class of each image; below 0 where there is none.</param>
    /// <param name="labels">The true classes.</param>
    public static bool HasOneAnswer(IReadOnlyList<int> predictions, IReadOnlyList<int> labels) =>
        Largest(labels) <= Spread && Largest(predictions.Where(p => p >= 0)) >= OneAnswer;

    /// <summary>True where a student is left out.</summary>
    public bool Contains(string method, int seed) => Reason(method, seed, "") is not null;

    /// <summary>True where a student of the other teacher is left out.</summary>
    public bool ContainsCross(string method, int seed) => Reason(method, seed, MeasurementKey.OtherTeacher) is not null;

    /// <summary>Names what is left out of a finding.</summary>
    public IReadOnlyList<string> Notes(string method, IReadOnlyList<int> seeds)
    {
        var notes = new List<string>();
        foreach ((string label, string teacher, string whose) in new[] { (method, "", ""), (MeasurementKey.Independent, "", ""), (method, MeasurementKey.OtherTeacher, " of the other teacher") })
        {
            foreach (int seed in seeds)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"The {label} student{whose} of seed {seed}");
                if (Reason(label, seed, teacher) is { } reason)
                {
                    notes.Add($"{name} {reason}; it is left out.");
                }
                else if (Number(NotFinite, label, seed, teacher) is > 0 and var images)
                {
                    notes.Add($"{name} has logits that are not finite for {images} images; they are left out.");
                }
            }
        }

        foreach ((string name, string teacher, string? reason) in new[] { ("teacher", MeasurementKey.OwnTeacher, TeacherReason), ("other teacher", MeasurementKey.OtherTeacher, OtherTeacherReason) })
        {
            if (reason is null && Number(NotFinite, MeasurementKey.TeacherModel, null, teacher) is > 0 and var images)
            {
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"The {name} has logits that are not finite for {images} images; they are left out."));
            }
        }

        if (OtherTeacherReason is { } other)
        {
            notes.Add(other);
        }

        return notes;
    }

    /// <summary>
    /// The accuracy that is clearly better than chance: twice chance. With fewer than five classes, where that is much or all, a quarter of the
    /// way from chance to 1.
    /// </summary>
    private static double NeededAccuracy(int classes) => ClearlyAbove(1.0 / classes);

    /// <summary>The share that is clearly above what chance gives: twice chance, at most a quarter of the way from chance to 1.</summary>
    public static double ClearlyAbove(double chance) => chance + Math.Min(chance, (1 - chance) / 4);

    /// <summary>The share of the most frequent value; 0 where there is none.</summary>
    public static double Largest(IEnumerable<int> classes)
    {
        int[] counts = [.. classes.CountBy(c => c).Select(c => c.Value)];
        return counts.Length == 0 ? 0 : (double)counts.Max() / counts.Sum();
    }

    private static string Name(string measure, string table) => $"{measure}-{table}";

    private string? Reason(string method, int? seed, string teacher)
    {
        if (Number(NotFinite, method, seed, teacher) >= _table.Images.Count)
        {
            return "has no finite logits";
        }

        double share = Number(LargestShare, method, seed, teacher);
        if (share >= OneAnswer)
        {
            return share == 1
                ? $"gives the same class for all {_table.Images.Count.ToString(CultureInfo.InvariantCulture)} images"
                : string.Create(CultureInfo.InvariantCulture, $"gives the same class for {100 * share:0.##} % of the images");
        }

        double accuracy = Number(Accuracy, method, seed, teacher), needed = Number(Needed, method, seed, teacher);
        return accuracy < needed
            ? string.Create(CultureInfo.InvariantCulture, $"is not clearly better than chance: it classifies {100 * accuracy:0.#} % of the images right, at least {100 * needed:0.#} % are needed")
            : null;
    }

    private double Number(string measure, string method, int? seed, string teacher) =>
        _measurements.Fact(new MeasurementKey(Name(measure, _table.Name), method, seed, teacher))?.Value ?? 0;
}
