using System.Globalization;
using System.Text.Json;
using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;
using DistillSharp.Training;

namespace DistillSharp.Studies;

/// <summary>How a study is carried out.</summary>
/// <param name="Command">The command that repeats it, for the report.</param>
/// <param name="CheckpointEvery">How often unfinished runs are saved; null for the usual.</param>
public sealed record StudyRunOptions(string Command, TimeSpan? CheckpointEvery = null);

/// <summary>
/// Carries a study out in a results folder: trains what is not trained yet, measures what is not measured yet, concludes.
/// It can be stopped at any moment and goes on from there.
/// </summary>
public sealed class StudyRunner
{
    private readonly StudyReadResult _read;
    private readonly StudyDefinition _study;
    private readonly StudyPlan _plan;
    private readonly StudyCatalog _catalog;
    private readonly IStudyObserver _observer;

    /// <summary>Plans a study.</summary>
    /// <param name="read">The study as it was read and checked.</param>
    /// <param name="catalog">What the study was checked against.</param>
    /// <param name="observer">Told how it goes.</param>
    /// <exception cref="ArgumentException">The study has problems.</exception>
    public StudyRunner(StudyReadResult read, StudyCatalog catalog, IStudyObserver observer)
    {
        _read = read;
        _study = read.Study ?? throw new ArgumentException("A study with problems cannot run.", nameof(read));
        _plan = StudyPlan.Create(_study);
        _catalog = catalog;
        _observer = observer;
    }

    /// <summary>Carries the study out.</summary>
    /// <param name="studyFile">The study's file; a copy goes into the folder.</param>
    /// <param name="folder">The results folder, locked by the caller.</param>
    /// <param name="options">How it is carried out.</param>
    /// <param name="cancel">Saves what is unfinished and stops.</param>
    /// <exception cref="OperationCanceledException">It was stopped; everything is saved.</exception>
    /// <exception cref="NonFiniteLossException">A loss was infinite or not a number.</exception>
    public StudyResults Run(string studyFile, ResultsFolder folder, StudyRunOptions options, CancellationToken cancel)
    {
        TorchRuntime.EnsureStarted();
        folder.Write("study.yaml", File.ReadAllText(studyFile));
        folder.Write("study.resolved.yaml", StudyWriter.ToYaml(_study, _read.Notes));
        TrainTestData data = _catalog.Load(_study.Data.Name, _study.Data.Path, _study.Data.Reading.Options);
        using DatasetSplit split = DatasetSplit.Create(data.Train, _study.Data.Validation, (ulong)_study.Data.SplitSeed, _study.Data.Train);
        using var transfers = new TransferBatches(_study, _catalog, data, split);
        var factory = new RunFactory(transfers, data, folder);
        RunEnvironment environment = EnvironmentProbe.Probe(Describe(options));
        folder.Write("environment.json", JsonSerializer.Serialize(environment, RunJson.Default.RunEnvironment) + "\n");

        foreach (IGrouping<int, RunGroup> stage in Teachers.GroupBy(g => g.Stage))
        {
            Compose([.. stage], factory, folder);
            Train("teacher", [.. stage.Where(g => g.Runs[0].IsTrained)], factory, folder, data, split, options, cancel);
        }

        Train("student", Students, factory, folder, data, split, options, cancel);

        using var measuring = new StudyMeasuring(_study, _plan, factory, folder, data, transfers.StudentImages, _observer, cancel);
        List<(PlannedAnalysis Planned, Measurements Measured)> measured = _plan.Analyses.Select(a => (a, measuring.Measure(a))).ToList();
        IReadOnlyList<ModelResult> models = measuring.EvaluateModels();

        _observer.Stage("Weighing the evidence");
        var builder = new FindingBuilder();
        List<AnalysisConclusions> concluded = measured.Select(m => AnalysisConclusions.Of(m.Planned.Analysis, m.Measured, builder)).ToList();
        var results = new StudyResults(
            1,
            _study.Name,
            _study.Description,
            DescribeData(data, split),
            options.Command,
            DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            models,
            StudyEvidence.NoteStart(StudyEvidence.Weigh(concluded.SelectMany(c => c.Findings), models, _study.Students.Seeds.Count), _study),
            concluded.SelectMany(c => c.Pictures).ToList(),
            environment)
        {
            Charts = concluded.SelectMany(c => c.Charts).ToList(),
        };
        AtomicFile.WriteAllText(folder.Findings, JsonSerializer.Serialize(results, StudyResultsJson.Default.StudyResults) + "\n");
        return results;
    }

    private List<RunGroup> Teachers => _plan.Groups.Where(g => !g.Runs[0].IsStudent).ToList();

    private List<RunGroup> Students => _plan.Groups.Where(g => g.Runs[0].IsStudent).ToList();

    // What is not trained: ensembles of what the stages before trained, and weights out of files.
    private void Compose(List<RunGroup> groups, RunFactory factory, ResultsFolder folder)
    {
        var plan = _plan.Runs.ToDictionary(r => r.Key);
        foreach (PlannedRun run in groups.SelectMany(g => g.Runs).Where(r => !r.IsTrained && RunRecord.TryRead(folder.Run(r.Key)) is null))
        {
            factory.Compose(run, plan);
            _observer.Note(run.Weights is { } weights ? $"{run.Key.Label}: read from {weights.Path}." : $"{run.Key.Label}: an ensemble of {run.Members.Count} networks.");
        }
    }

    private void Train(
        string kind, List<RunGroup> groups, RunFactory factory, ResultsFolder folder, TrainTestData data, DatasetSplit split, StudyRunOptions options, CancellationToken cancel)
    {
        int all = groups.Sum(g => g.Runs.Count);
        List<(List<PlannedRun> Runs, TransferDefinition Data)> pending = groups
            .Select(g => (Runs: g.Runs.Where(r => RunRecord.TryRead(folder.Run(r.Key)) is null).ToList(), g.Data))
            .Where(p => p.Runs.Count > 0)
            .ToList();
        foreach (PlannedRun finished in groups.SelectMany(g => g.Runs).Except(pending.SelectMany(p => p.Runs)))
        {
            // Left where the process was killed between the record of the finished run and the removal.
            File.Delete(Path.Combine(folder.Run(finished.Key), Checkpoint.FileName));
        }

        int open = pending.Sum(p => p.Runs.Count);
        if (open < all)
        {
            _observer.Note($"{all - open} of {all} {kind} runs are finished already; they are not repeated.");
        }

        if (open == 0)
        {
            return;
        }

        _observer.Stage($"Training {open} {kind}{(open == 1 ? "" : "s")}");
        cancel.ThrowIfCancellationRequested();
        var plan = _plan.Runs.ToDictionary(r => r.Key);
        var made = new List<TrainingGroup>();
        using var scope = new TensorScope();
        try
        {
            var planned = new Dictionary<TrainingRun, PlannedRun>();
            foreach ((List<PlannedRun> runs, TransferDefinition transfer) in pending)
            {
                TrainingGroup group = factory.MakeGroup(runs, transfer, plan);
                made.Add(group);
                foreach ((TrainingRun run, PlannedRun definition) in group.Runs.Zip(runs))
                {
                    planned.Add(run, definition);
                }
            }

            (Tensor, Tensor)? validation = split.ValidationCount > 0
                ? (data.Train.Images.IndexSelect(0, split.Validation), data.Train.Labels.IndexSelect(0, split.Validation))
                : null;

            // The shares follow from the whole plan, not from what is left of it: a resumed study computes as an undisturbed one.
            TrainerOptions shares = TrainerFor(groups, options);
            new Trainer(shares, _observer.Training, run => Finish(run, planned[run], shares), _observer.Note).Train(made, validation, cancel);
        }
        finally
        {
            foreach (TrainingGroup group in made)
            {
                group.Dispose();
            }
        }
    }

    private void Finish(TrainingRun run, PlannedRun planned, TrainerOptions shares)
    {
        string weights = FileDigest.Sha256(Path.Combine(run.Folder!, TrainingRun.ModelFile));
        RunRecord record = RunRecord.Of(planned, run.Classifier.Network.ParameterCount(), run.Seconds, shares.TorchThreads, weights);
        AtomicFile.WriteAllText(Path.Combine(run.Folder!, RunRecord.FileName), record.ToJson());
        _observer.RunFinished(planned, run.History[^1]);
    }

    private static TrainerOptions TrainerFor(List<RunGroup> groups, StudyRunOptions options)
    {
        TrainerOptions usual = TrainerOptions.For(groups.Sum(g => g.Runs.Count));
        return options.CheckpointEvery is { } every ? usual with { CheckpointEvery = every } : usual;
    }

    private string Describe(StudyRunOptions options) => string.Join("; ", new[] { ("teachers", Teachers), ("students", Students) }
        .Where(kind => kind.Item2.Count > 0)
        .Select(kind => (Kind: kind.Item1, Trainer: TrainerFor(kind.Item2, options)))
        .Select(k => FormattableString.Invariant(
            $"{k.Kind}: {k.Trainer.Workers} run{(k.Trainer.Workers == 1 ? "" : "s")} at a time, {k.Trainer.TorchThreads} libtorch thread{(k.Trainer.TorchThreads == 1 ? "" : "s")} each")));

    private string DescribeData(TrainTestData data, DatasetSplit split) => FormattableString.Invariant(
        $"{data.Train.Name}: {split.TrainCount:N0} training images of {data.Train.Count:N0}, {split.ValidationCount:N0} held out of them for validation (split seed {_study.Data.SplitSeed}), {_study.Data.Test:N0} test images of {data.Test.Count:N0}; {data.Train.Channels} x {data.Train.Height} x {data.Train.Width} pixels, {data.Train.ClassNames.Count} classes") + string.Concat(data.Notes.Select(n => "; " + n.TrimEnd('.')));
}
