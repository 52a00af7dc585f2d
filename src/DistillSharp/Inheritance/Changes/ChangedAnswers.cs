using DistillSharp.Data;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Shows changed images to every model of a subject, the same to all, and says which answers stayed.</summary>
internal sealed class ChangedAnswers
{
    /// <summary>So many images are changed at a time, to bound memory. Fixed: each part has draws of its own.</summary>
    private const int PartSize = 500;

    private static readonly SeedStream Seeds = new(0);
    private readonly AnalysisSubject _subject;
    private readonly ImageSample _sample;
    private readonly ImageChange _change;
    private readonly List<(MeasurementKey Key, ImageClassifier Model)> _models;
    private readonly int[][] _clean;

    public ChangedAnswers(AnalysisSubject subject, ImageSample sample, ImageChange change)
    {
        _subject = subject;
        _sample = sample;
        _change = change;
        _models =
        [
            .. subject.Teachers().Select(t => (new MeasurementKey("", MeasurementKey.TeacherModel, null, t.Name), t.Model)),
            .. subject.StudentModels().Select(s => (new MeasurementKey("", s.Method, s.Seed, MeasurementKey.OwnTeacher), s.Classifier)),
            .. subject.CrossStudentModels().Select(s => (new MeasurementKey("", s.Method, s.Seed, MeasurementKey.OtherTeacher), s.Classifier)),
        ];
        _clean = [.. _models.Select(m => Clean(m.Model))];
    }

    /// <summary>The changed images <c>[n, C, H, W]</c> of a part of the sample.</summary>
    /// <param name="change">The change.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="part">Which part, from 0.</param>
    /// <param name="strength">How strongly.</param>
    /// <param name="second">True for the image that the first is compared with, where a change compares two.</param>
    public static Tensor Images(ImageChange change, ImageSample sample, int part, double strength, bool second)
    {
        int start = part * PartSize;
        Tensor images = sample.Images.Rows(start, Math.Min(sample.Count, start + PartSize));
        return change.Apply(images, strength, Seeds.Derive(second ? "second-change" : "change", batch: part));
    }

    /// <summary>The changed image <c>[1, C, H, W]</c> at a position of the sample: the one that models saw.</summary>
    /// <inheritdoc cref="Images"/>
    public static Tensor Image(ImageChange change, ImageSample sample, int at, double strength, bool second)
    {
        using var scope = new TensorScope();
        return scope.Keep(Images(change, sample, at / PartSize, strength, second).Rows(at % PartSize, (at % PartSize) + 1).Clone());
    }

    /// <summary>For each model whether its answer stayed, <c>[n]</c>: 1 or 0, NaN where logits are not finite or the model has one answer to changed images.</summary>
    /// <param name="strength">How strongly images are changed.</param>
    /// <param name="facts">Where it is recorded which model has one answer to changed images.</param>
    public IReadOnlyList<(MeasurementKey Key, double[] Kept)> Kept(double strength, List<MeasurementFact> facts)
    {
        var first = new int[_models.Count][];
        var second = new int[_models.Count][];
        for (int m = 0; m < _models.Count; m++)
        {
            first[m] = new int[_sample.Count];
            second[m] = _change.ComparesTwo ? new int[_sample.Count] : _clean[m];
        }

        for (int part = 0; part * PartSize < _sample.Count; part++)
        {
            Show(first, part, strength, second: false);
            if (_change.ComparesTwo)
            {
                Show(second, part, strength, second: true);
            }
        }

        var kept = new List<(MeasurementKey, double[])>();
        for (int m = 0; m < _models.Count; m++)
        {
            double[] same = [.. first[m].Zip(second[m], (a, b) => a < 0 || b < 0 ? double.NaN : a == b ? 1.0 : 0)];

            // Two changed images are always answered alike by a model that gives one answer to all of them.
            if (_change.ComparesTwo && DegenerateModels.HasOneAnswer(first[m], _sample.Classes))
            {
                facts.Add(new MeasurementFact(_models[m].Key with { Measure = InvarianceScores.OneAnswer(strength) }, 1));
                Array.Fill(same, double.NaN);
            }

            kept.Add((_models[m].Key, same));
        }

        return kept;
    }

    private void Show(int[][] answers, int part, double strength, bool second)
    {
        using var scope = new TensorScope();
        Tensor images = Images(_change, _sample, part, strength, second);
        for (int m = 0; m < _models.Count; m++)
        {
            using var inner = new TensorScope();
            ClassificationMetrics.FinitePredictions(_models[m].Model.Evaluate(images, _subject.Slice)).CopyTo(answers[m], part * PartSize);
        }
    }

    private int[] Clean(ImageClassifier model)
    {
        using var scope = new TensorScope();
        return ClassificationMetrics.FinitePredictions(_subject.CleanLogits(model, _subject.Test).IndexSelect(0, _sample.Positions));
    }
}
