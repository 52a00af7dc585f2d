using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// What analyses look at: a teacher, its students, their controls, and data. Models and data stay the caller's;
/// disposing frees only the logits that were kept.
/// </summary>
public sealed class AnalysisSubject : IDisposable
{
    private readonly Dictionary<(ImageClassifier Model, ImageSet Set), Tensor> _logits = [];
    private readonly IReadOnlyList<StudentGroup> _students = [];

    /// <summary>The teacher of the students.</summary>
    public required ImageClassifier Teacher { get; init; }

    /// <summary>A teacher that the students did not have, for the control "is it this teacher's?"; null where there is none.</summary>
    public ImageClassifier? OtherTeacher { get; init; }

    /// <summary>The seeds, in the order to be reported.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>Students of the same architecture and budget, trained without a teacher, by seed; empty where there are none, and then findings are levels only.</summary>
    public required IReadOnlyDictionary<int, ImageClassifier> Independent { get; init; }

    /// <summary>The distilled students by method.</summary>
    /// <exception cref="ArgumentException">A label is reserved or occurs twice.</exception>
    public required IReadOnlyList<StudentGroup> Students
    {
        get => _students;
        init
        {
            foreach (IGrouping<string, StudentGroup> group in value.GroupBy(g => g.Method))
            {
                if (group.Key is "" or MeasurementKey.Independent or MeasurementKey.TeacherModel || group.Count() > 1)
                {
                    throw new ArgumentException($"Methods need labels that differ, and other than '', '{MeasurementKey.Independent}' and '{MeasurementKey.TeacherModel}'; found '{group.Key}' {group.Count()} times.");
                }
            }

            _students = value;
        }
    }

    /// <summary>
    /// Students distilled by the same methods from <see cref="OtherTeacher"/>, under the same labels: the control of properties that a
    /// student has by itself. Empty where there are none.
    /// </summary>
    public IReadOnlyList<StudentGroup> CrossStudents { get; init; } = [];

    /// <summary>The test images.</summary>
    public required ImageSet Test { get; init; }

    /// <summary>Training images without augmentation, possibly a part of them; null where there are none (an audit of finished models).</summary>
    public ImageSet? Train { get; init; }

    /// <summary>
    /// Images of the same classes from elsewhere (sketches, another camera) by the name of their domain; asked beside the domains that are made
    /// from <see cref="Test"/>. Names are of lower-case letters, digits and hyphens.
    /// </summary>
    public IReadOnlyDictionary<string, ImageSet> Domains { get; init; } = new Dictionary<string, ImageSet>();

    /// <summary>The name of each class, in the order of the logits.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Where example pictures go.</summary>
    public required SavePicture SavePicture { get; init; }

    /// <summary>How many images are evaluated at a time without gradients.</summary>
    public int Slice { get; init; } = 100;

    /// <summary>How many images are evaluated at a time where gradients are needed.</summary>
    public int GradientSlice { get; init; } = 64;

    /// <summary>Every student: the independent ones in the order of seeds, then each method's.</summary>
    public IEnumerable<SubjectModel> StudentModels()
    {
        foreach (StudentGroup group in Students.Prepend(new StudentGroup(MeasurementKey.Independent, Independent)))
        {
            foreach (int seed in Seeds)
            {
                if (group.BySeed.TryGetValue(seed, out ImageClassifier? model))
                {
                    yield return new SubjectModel(group.Method, seed, model);
                }
            }
        }
    }

    /// <summary>Every student of the other teacher: each method's, in the order of seeds.</summary>
    public IEnumerable<SubjectModel> CrossStudentModels() =>
        from student in CrossStudents
        from seed in Seeds
        where student.BySeed.ContainsKey(seed)
        select new SubjectModel(student.Method, seed, student.BySeed[seed]);

    /// <summary>Own and, where there is one, other teacher, each with its name in measurements.</summary>
    public IEnumerable<(string Name, ImageClassifier Model)> Teachers()
    {
        yield return (MeasurementKey.OwnTeacher, Teacher);
        if (OtherTeacher is not null)
        {
            yield return (MeasurementKey.OtherTeacher, OtherTeacher);
        }
    }

    /// <summary>
    /// The logits <c>[N, classes]</c> of a model on the unchanged images of a set, on the CPU. Computed once and kept for all analyses:
    /// do not dispose what is given out.
    /// </summary>
    public Tensor CleanLogits(ImageClassifier model, ImageSet set)
    {
        if (!_logits.TryGetValue((model, set), out Tensor? logits))
        {
            using var scope = new TensorScope();
            logits = model.Evaluate(set.Images, Slice).To(Device.Cpu).Unscoped();
            _logits.Add((model, set), logits);
        }

        return logits;
    }

    /// <summary>Frees the logits that were kept.</summary>
    public void Dispose()
    {
        foreach (Tensor logits in _logits.Values)
        {
            logits.Dispose();
        }

        _logits.Clear();
    }
}
