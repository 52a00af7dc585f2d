using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// An attack on one teacher, shown to students: adversarial images are crafted once, a slice a thread at a time, and only those that
/// change the teacher's prediction go on to the students. Where logits are not finite, nothing is known and the score is NaN.
/// </summary>
internal sealed class TransferAttack
{
    private readonly AnalysisSubject _subject;
    private readonly ImageSample _sample;
    private readonly string _teacherName;
    private readonly ImageClassifier _teacher;
    private readonly IReadOnlyList<SubjectModel> _students;
    private readonly GradientAttack _attack;
    private readonly int[] _teacherClean;
    private readonly int[][] _studentClean;
    private readonly double[] _teacherFooled;
    private readonly double[][] _fooled;
    private readonly int[] _notFinite;
    private int _teacherNotFinite;

    public TransferAttack(AnalysisSubject subject, ImageSample sample, string teacherName, ImageClassifier teacher, IReadOnlyList<SubjectModel> students, GradientAttack attack)
    {
        _subject = subject;
        _sample = sample;
        _teacherName = teacherName;
        _teacher = teacher;
        _students = students;
        _attack = attack;
        _teacherClean = CleanPredictions(_teacher);
        _studentClean = [.. _students.Select(s => CleanPredictions(s.Classifier))];
        _teacherFooled = Missing();
        _fooled = [.. _students.Select(_ => Missing())];
        _notFinite = new int[_students.Count];
    }

    /// <summary>The share of the teacher's predictions that changed, 0 to 1.</summary>
    public double Rate => Scores.Mean(_teacherFooled);

    /// <summary>The same, of those of its predictions only that are right on unchanged images.</summary>
    public double RateOfRight => Scores.Mean(_teacherFooled.Where((_, i) => _teacherClean[i] == _sample.Classes[i]));

    /// <summary>How often students are fooled, among the images that fool the teacher: the mean over students of the mean over images.</summary>
    /// <param name="counts">Which students count.</param>
    public double MeanFooling(Func<SubjectModel, bool> counts) =>
        Scores.Mean(_fooled.Where((_, i) => counts(_students[i])).Select(Scores.Mean));

    /// <summary>Attacks.</summary>
    /// <param name="budget">How far and in how many steps.</param>
    /// <param name="seen">Given the position of the first image of each chunk and its adversarial images <c>[n, C, H, W]</c>, or null.</param>
    public void Run(AttackBudget budget, Action<int, Tensor>? seen = null)
    {
        int chunk = _subject.GradientSlice * TorchRuntime.Threads;
        for (int start = 0; start < _sample.Count; start += chunk)
        {
            using var scope = new TensorScope();
            int end = Math.Min(_sample.Count, start + chunk);
            Tensor adversarial = _attack.Craft(_teacher, _sample.Images.Rows(start, end), _sample.Labels.Rows(start, end), budget, _subject.GradientSlice, start);
            int[] after = Predictions(_teacher, adversarial);
            var successful = new List<long>();
            for (int i = 0; i < after.Length; i++)
            {
                int at = start + i;
                _teacherNotFinite += _teacherClean[at] >= 0 && after[i] < 0 ? 1 : 0;
                _teacherFooled[at] = Changed(_teacherClean[at], after[i]);
                if (_teacherFooled[at] == 1)
                {
                    successful.Add(i);
                }
            }

            if (successful.Count > 0)
            {
                Show(adversarial, successful, start);
            }

            seen?.Invoke(start, adversarial);
        }
    }

    /// <summary>Adds a column for the teacher (1 where its prediction changed) and one for each student (NaN where the teacher's did not).</summary>
    public void AddColumns(MeasurementTable table)
    {
        table.Add(new MeasurementKey(AdversarialAnalysis.Fooled, MeasurementKey.TeacherModel, null, _teacherName), _teacherFooled);
        for (int i = 0; i < _students.Count; i++)
        {
            table.Add(new MeasurementKey(AdversarialAnalysis.Fooled, _students[i].Method, _students[i].Seed, _teacherName), _fooled[i]);
        }
    }

    /// <summary>Adds, for each model, how many adversarial images gave logits that are not finite although the unchanged image did not.</summary>
    public void AddNotFinite(List<MeasurementFact> facts)
    {
        facts.Add(new MeasurementFact(new MeasurementKey(AdversarialAnalysis.NotFinite, MeasurementKey.TeacherModel, null, _teacherName), _teacherNotFinite));
        for (int i = 0; i < _students.Count; i++)
        {
            facts.Add(new MeasurementFact(new MeasurementKey(AdversarialAnalysis.NotFinite, _students[i].Method, _students[i].Seed, _teacherName), _notFinite[i]));
        }
    }

    private static double Changed(int clean, int after) => clean < 0 || after < 0 ? double.NaN : clean == after ? 0 : 1;

    private void Show(Tensor adversarial, List<long> successful, int start)
    {
        Tensor shown = adversarial.IndexSelect(0, Tensor.From(successful.ToArray()).To(adversarial.Device));
        for (int student = 0; student < _students.Count; student++)
        {
            int[] after = Predictions(_students[student].Classifier, shown);
            for (int i = 0; i < after.Length; i++)
            {
                int at = start + (int)successful[i];
                _notFinite[student] += _studentClean[student][at] >= 0 && after[i] < 0 ? 1 : 0;
                _fooled[student][at] = Changed(_studentClean[student][at], after[i]);
            }
        }
    }

    private double[] Missing() => [.. Enumerable.Repeat(double.NaN, _sample.Count)];

    private int[] CleanPredictions(ImageClassifier model)
    {
        using var scope = new TensorScope();
        return ClassificationMetrics.FinitePredictions(_subject.CleanLogits(model, _subject.Test).IndexSelect(0, _sample.Positions));
    }

    private int[] Predictions(ImageClassifier model, Tensor images)
    {
        using var scope = new TensorScope();
        return ClassificationMetrics.FinitePredictions(model.Evaluate(images, _subject.Slice));
    }
}
