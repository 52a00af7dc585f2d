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
    private const int Bins = 15;

    private readonly StudyDefinition _study;
    private readonly StudyPlan _plan;
    private readonly RunFactory _factory;
    private readonly ResultsFolder _folder;
    private readonly TrainTestData _data;
    private readonly DatasetSplit _split;
    private readonly IStudyObserver _observer;
    private readonly CancellationToken _cancel;
    private readonly TensorScope _scope = new();
    private readonly Dictionary<RunKey, ImageClassifier> _models = [];
    private AnalysisSubject? _subject;

    public StudyMeasuring(StudyDefinition study, StudyPlan plan, RunFactory factory, ResultsFolder folder, TrainTestData data, DatasetSplit split, IStudyObserver observer, CancellationToken cancel)
    {
        _study = study;
        _plan = plan;
        _factory = factory;
        _folder = folder;
        _data = data;
        _split = split;
        _observer = observer;
        _cancel = cancel;
    }

    private AnalysisSubject Subject => _subject ??= MakeSubject();

    /// <summary>The measurements of one analysis: read back where they were finished, else made and written.</summary>
    public Measurements Measure(PlannedAnalysis planned)
    {
        Analysis analysis = AnalysisRegistry.Get(planned.Analysis.Name);
        string folder = Path.Combine(_folder.Measurements, planned.Key);
        string marker = Path.Combine(folder, "complete");
        if (File.Exists(marker))
        {
            _observer.Note($"{analysis.Title}: measured already.");
            return Measurements.ReadCsv(analysis.Name, name => new StreamReader(Path.Combine(folder, name)));
        }

        _observer.Stage($"Measuring: {analysis.Title}");
        var progress = new Relay(analysis.Title, _observer, _cancel);
        Measurements measured = analysis.Measure(Subject, planned.Analysis.Options, progress);
        Directory.CreateDirectory(folder);
        foreach (string name in measured.FileNames)
        {
            AtomicFile.Write(Path.Combine(folder, name), stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                measured.WriteCsv(name, writer);
            });
        }

        AtomicFile.WriteAllText(marker, "");
        return measured;
    }

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
            record.Seconds);
    }).ToList();

    public void Dispose()
    {
        _subject?.Dispose();
        foreach (ImageClassifier model in _models.Values)
        {
            model.Dispose();
        }

        _scope.Dispose();
    }

    private RunEvaluation Evaluate(PlannedRun run, string folder)
    {
        string path = Path.Combine(folder, "evaluation.json");
        if (File.Exists(path)
            && JsonSerializer.Deserialize(File.ReadAllText(path), RunJson.Default.RunEvaluation) is { } kept
            && kept.TestImages == _study.Data.Test)
        {
            return kept;
        }

        _cancel.ThrowIfCancellationRequested();
        using var scope = new TensorScope();
        Tensor test = Subject.CleanLogits(Model(run), Subject.Test);
        Tensor train = Subject.CleanLogits(Model(run), Subject.Train!);
        var evaluation = new RunEvaluation(
            _study.Data.Test,
            ClassificationMetrics.Accuracy(test, Subject.Test.Labels),
            ClassificationMetrics.NegativeLogLikelihood(test, Subject.Test.Labels),
            ClassificationMetrics.ExpectedCalibrationError(test, Subject.Test.Labels, Bins),
            ClassificationMetrics.Accuracy(train, Subject.Train!.Labels));
        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(evaluation, RunJson.Default.RunEvaluation) + "\n");
        return evaluation;
    }

    private AnalysisSubject MakeSubject()
    {
        List<PlannedRun> teachers = _plan.Runs.Where(r => r.Method is null).ToList();
        if (teachers.Count == 0)
        {
            throw new InvalidOperationException("The study has no teacher, so there is nothing that could be inherited.");
        }

        ILookup<string, PlannedRun> students = _plan.Runs.Where(r => r.Method is not null).ToLookup(r => r.Method!.Label);
        return new AnalysisSubject
        {
            Teacher = Model(teachers[0]),
            OtherTeacher = teachers.Count > 1 ? Model(teachers[1]) : null,
            Seeds = [.. _study.Students.Seeds],
            Independent = BySeed(students[MethodDefinition.IndependentName]),
            Students = students.Where(s => s.Key != MethodDefinition.IndependentName).Select(s => new StudentGroup(s.Key, BySeed(s))).ToList(),
            Test = new ImageSet(_data.Test.Images.Rows(0, _study.Data.Test), _data.Test.Labels.Rows(0, _study.Data.Test)),
            Train = new ImageSet(_data.Train.Images.IndexSelect(0, _split.Train), _data.Train.Labels.IndexSelect(0, _split.Train)),
            ClassNames = _data.Train.ClassNames,
            SavePicture = (name, pixels, width, height, channels) =>
            {
                Directory.CreateDirectory(_folder.Pictures);
                PngFile.Write(Path.Combine(_folder.Pictures, name + ".png"), pixels, width, height, channels);
                return $"pictures/{name}.png";
            },
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

    private sealed class Relay(string title, IStudyObserver observer, CancellationToken cancel) : IProgress<AnalysisProgress>
    {
        public void Report(AnalysisProgress value)
        {
            cancel.ThrowIfCancellationRequested();
            observer.Analysis(title, value);
        }
    }
}
