using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// An attack on one teacher, shown to every student: adversarial images are crafted once, a slice a thread at a time, and only those that
/// change the teacher's prediction go on to the students.
/// </summary>
internal sealed class TransferAttack
{
    private readonly AnalysisSubject _subject;
    private readonly ImageSample _sample;
    private readonly string _teacherName;
    private readonly ImageClassifier _teacher;
    private readonly SubjectModel[] _students;
    private readonly double[] _teacherFooled;
    private readonly double[][] _fooled;

    public TransferAttack(AnalysisSubject subject, ImageSample sample, string teacherName, ImageClassifier teacher)
    {
        _subject = subject;
        _sample = sample;
        _teacherName = teacherName;
        _teacher = teacher;
        _students = [.. subject.StudentModels()];
        _teacherFooled = [.. Enumerable.Repeat(double.NaN, sample.Count)];
        _fooled = [.. _students.Select(_ => Enumerable.Repeat(double.NaN, sample.Count).ToArray())];
    }

    /// <summary>The share of the teacher's predictions that changed, 0 to 1.</summary>
    public double Rate => _teacherFooled.Average();

    /// <summary>Attacks.</summary>
    /// <param name="budget">How far and in how many steps.</param>
    /// <param name="seen">Given the position of the first image of each chunk and its adversarial images <c>[n, C, H, W]</c>, or null.</param>
    public void Run(AttackBudget budget, Action<int, Tensor>? seen)
    {
        int[] teacherClean = CleanPredictions(_teacher);
        int[][] studentClean = [.. _students.Select(s => CleanPredictions(s.Classifier))];
        int chunk = _subject.GradientSlice * TorchRuntime.Threads;
        for (int start = 0; start < _sample.Count; start += chunk)
        {
            using var scope = new TensorScope();
            int end = Math.Min(_sample.Count, start + chunk);
            Tensor adversarial = IterativeFgsm.Perturb(_teacher, _sample.Images.Rows(start, end), _sample.Labels.Rows(start, end), budget, _subject.GradientSlice);
            int[] after = Predictions(_teacher, adversarial);
            var successful = new List<long>();
            for (int i = 0; i < after.Length; i++)
            {
                bool changed = after[i] != teacherClean[start + i];
                _teacherFooled[start + i] = changed ? 1 : 0;
                if (changed)
                {
                    successful.Add(i);
                }
            }

            if (successful.Count > 0)
            {
                Show(adversarial, successful, start, studentClean);
            }

            seen?.Invoke(start, adversarial);
        }
    }

    /// <summary>Adds a column for the teacher (1 where its prediction changed) and one for each student (NaN where the teacher's did not).</summary>
    public void AddColumns(MeasurementTable table)
    {
        table.Add(new MeasurementKey(AdversarialAnalysis.Fooled, MeasurementKey.TeacherModel, null, _teacherName), _teacherFooled);
        for (int i = 0; i < _students.Length; i++)
        {
            table.Add(new MeasurementKey(AdversarialAnalysis.Fooled, _students[i].Method, _students[i].Seed, _teacherName), _fooled[i]);
        }
    }

    private void Show(Tensor adversarial, List<long> successful, int start, int[][] clean)
    {
        Tensor shown = adversarial.IndexSelect(0, Tensor.From(successful.ToArray()).To(adversarial.Device));
        for (int student = 0; student < _students.Length; student++)
        {
            int[] after = Predictions(_students[student].Classifier, shown);
            for (int i = 0; i < after.Length; i++)
            {
                int at = start + (int)successful[i];
                _fooled[student][at] = after[i] != clean[student][at] ? 1 : 0;
            }
        }
    }

    private int[] CleanPredictions(ImageClassifier model)
    {
        using var scope = new TensorScope();
        return ClassificationMetrics.Predictions(_subject.CleanLogits(model, _subject.Test).IndexSelect(0, _sample.Positions));
    }

    private int[] Predictions(ImageClassifier model, Tensor images)
    {
        using var scope = new TensorScope();
        return ClassificationMetrics.Predictions(model.Evaluate(images, _subject.Slice));
    }
}
