using System.Text.Json;
using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Studies;

/// <summary>Measures the trained models of a study. What was measured before is read back; models are loaded only when one is needed.</summary>
internal sealed class StudyMeasuring : IDisposable
{
    /// <summary>The seed of the draw of test images: the same part for every study and audit of the same data.</summary>
    public const ulong TestSeed = 0;

    private readonly StudyDefinition _study;
    private readonly StudyPlan _plan;
    private readonly RunFactory _factory;
    private readonly ResultsFolder _folder;
    private readonly TrainTestData _data;
    private readonly Tensor _trainImages;
    private readonly CancellationToken _cancel;
    private readonly AnalysisMeasuring _measuring;
    private readonly Dictionary<RunKey, ImageClassifier> _models = [];
    private AnalysisSubject? _subject;
    private readonly long[] _testIndices;
    private readonly string _testDraw;
    private readonly long[]? _seen;
    private ImageSet? _test;
    private ImageSet? _train;

    public StudyMeasuring(StudyDefinition study, StudyPlan plan, RunFactory factory, ResultsFolder folder, TrainTestData data, Tensor trainImages, IStudyObserver observer, CancellationToken cancel)
    {
        _study = study;
        _plan = plan;
        _factory = factory;
        _folder = folder;
        _data = data;
        _trainImages = trainImages;
        _cancel = cancel;
        _measuring = new AnalysisMeasuring(folder, observer, cancel);

        // The same part for every study of these data. Not the first images: some sets are sorted by class.
        _testIndices = DatasetSplit.Draw(data.Test, study.Data.Test, TestSeed);
        _seen = SeenRows(study.Students.Images, data.Test, _testIndices);
        (string Key, string Text)[] draw = [("test", string.Join(',', _testIndices))];
        _testDraw = CanonicalText.Hash(_seen is null ? draw : [.. draw, ("seen", string.Join(',', _seen))]);
    }

    private AnalysisSubject Subject => _subject ??= MakeSubject();

    private ImageSet Test => _test ??= _measuring.MakeSet(_data.Test, () => Tensor.From(_testIndices).To(_data.Test.Device));

    private ImageSet Train => _train ??= _measuring.MakeSet(_data.Train, () => _trainImages);

    /// <summary>The measurements of one analysis: read back where they were finished, else made and written.</summary>
    public Measurements Measure(PlannedAnalysis planned) =>
        _measuring.Measure(planned.Key, planned.Analysis, () => Subject);

    /// <summary>Accuracy, NLL and ECE of every model of the plan.</summary>
    public IReadOnlyList<ModelResult> EvaluateModels() => _plan.Runs.Select(run =>
    {
        string folder = _folder.Run(run.Key);
        RunRecord record = RunRecord.TryRead(folder) ?? throw new InvalidOperationException($"{run.Key} is not finished.");
        RunEvaluation evaluation = Evaluate(run, folder);
        return new ModelResult(
            run.Key.ToString(),
            run.Role.ToName(),
            record.Method,
            run.Seed,
            record.Architecture,
            record.Parameters,
            evaluation.TestAccuracy,
            evaluation.TestNll,
            evaluation.TestEce,
            evaluation.TrainAccuracy,
            record.Seconds)
        {
            SeenAccuracy = evaluation.SeenAccuracy,
        };
    }).ToList();

    public void Dispose()
    {
        _subject?.Dispose();
        foreach (ImageClassifier model in _models.Values)
        {
            model.Dispose();
        }

        _measuring.Dispose();
    }

    private RunEvaluation Evaluate(PlannedRun run, string folder)
    {
        string path = Path.Combine(folder, "evaluation.json");
        if (File.Exists(path)
            && ResultsJson.Read(path, RunJson.Default.RunEvaluation, "a run's figures", "Delete the file to measure them again.") is var kept
            && kept.TestDraw == _testDraw)
        {
            return kept;
        }

        _cancel.ThrowIfCancellationRequested();
        using var scope = new TensorScope();
        Tensor test = Logits(run, Test);
        Tensor train = Logits(run, Train);
        RunEvaluation evaluation = RunEvaluation.Of(_testDraw, test, Test.Labels, ClassificationMetrics.Accuracy(train, Train.Labels));
        if (_seen is { Length: > 0 })
        {
            Tensor rows = Tensor.From(_seen);
            evaluation = evaluation with { SeenAccuracy = ClassificationMetrics.Accuracy(test.IndexSelect(0, rows), Test.Labels.To(Device.Cpu).IndexSelect(0, rows)) };
        }

        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(evaluation, RunJson.Default.RunEvaluation) + "\n");
        return evaluation;
    }

    /// <summary>The rows of the test images of a kind that students learn from; null where they learn from every kind that is tested.</summary>
    private static long[]? SeenRows(SelectionDefinition? images, ImageDataset test, long[] indices)
    {
        if (images is null || test.Attributes.FirstOrDefault(a => a.Name == images.Attribute) is not { } attribute)
        {
            return null;
        }

        HashSet<string> seen = [.. images.Values.Where(v => v.Count != 0).Select(v => v.Name)];
        long[] rows = [.. indices.Index().Where(i => seen.Contains(attribute.ValueNames[attribute.Values[(int)i.Item]])).Select(i => (long)i.Index)];
        return rows.Length == indices.Length ? null : rows;
    }

    // Analyses have asked most models already, and keep their answers; without analyses there need not even be a teacher.
    private Tensor Logits(PlannedRun run, ImageSet set) =>
        _subject is not null ? _subject.CleanLogits(Model(run), set) : Model(run).Evaluate(set.Images).To(Device.Cpu);

    private AnalysisSubject MakeSubject()
    {
        List<PlannedRun> teachers = _plan.Runs.Where(r => r.Role is RunRole.Teacher or RunRole.OtherTeacher).OrderBy(r => r.Role).ToList();
        if (teachers.Count == 0)
        {
            throw new InvalidOperationException("The study has no teacher, so there is nothing that could be inherited.");
        }

        ILookup<string, PlannedRun> students = _plan.Runs.Where(r => r.Role is RunRole.Independent or RunRole.Student).ToLookup(r => r.Method!.Label);
        return new AnalysisSubject
        {
            Teacher = Model(teachers[0]),
            OtherTeacher = teachers.Count > 1 ? Model(teachers[1]) : null,
            Seeds = [.. _study.Students.Seeds],
            Independent = BySeed(students[MethodDefinition.IndependentName]),
            Students = students.Where(s => s.Key != MethodDefinition.IndependentName).Select(s => new StudentGroup(s.Key, BySeed(s))).ToList(),
            CrossStudents = _plan.Runs.Where(r => r.Role == RunRole.CrossStudent).GroupBy(r => r.Method!.Label).Select(s => new StudentGroup(s.Key, BySeed(s))).ToList(),
            Test = Test,
            Train = Train,
            ClassNames = _data.Train.ClassNames,
            SavePicture = _measuring.SavePicture,
        };
    }

    private Dictionary<int, ImageClassifier> BySeed(IEnumerable<PlannedRun> runs) => runs.ToDictionary(r => r.Seed, Model);

    private ImageClassifier Model(PlannedRun run)
    {
        if (!_models.TryGetValue(run.Key, out ImageClassifier? model))
        {
            model = _factory.LoadModel(run);
            _models.Add(run.Key, model);
        }

        return model;
    }
}
