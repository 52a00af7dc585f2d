using DistillSharp.Data;
using DistillSharp.Distillation;
using DistillSharp.Models;
using DistillSharp.Optimization;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;
using DistillSharp.Training;
using DistillSharp.Weights;

namespace DistillSharp.Studies;

/// <summary>Makes training groups and trained models out of a plan.</summary>
internal sealed class RunFactory
{
    private readonly TrainTestData _data;
    private readonly TransferBatches _transfers;
    private readonly ResultsFolder _folder;
    private readonly ImageTask _task;

    public RunFactory(TransferBatches transfers, TrainTestData data, ResultsFolder folder)
    {
        _transfers = transfers;
        _data = data;
        _folder = folder;
        _task = new ImageTask(data.Train.Channels, data.Train.Height, data.Train.Width, data.Train.ClassNames.Count);
    }

    /// <summary>Runs that train side by side; they share seed, budget, data and teacher.</summary>
    /// <param name="runs">The runs of the group that are not finished.</param>
    /// <param name="data">What the group is distilled on.</param>
    /// <param name="plan">Every run of the plan, to find teachers.</param>
    public TrainingGroup MakeGroup(IReadOnlyList<PlannedRun> runs, TransferDefinition data, IReadOnlyDictionary<RunKey, PlannedRun> plan)
    {
        PlannedRun first = runs[0];
        var made = new List<TrainingRun>();
        ImageClassifier? teacher = null;
        FrozenTeacher? frozen = null;
        BatchStream? batches = null;
        try
        {
            teacher = runs.Select(r => r.TeacherKey).FirstOrDefault(k => k is not null) is { } key ? LoadModel(plan[key]) : null;
            foreach (PlannedRun run in runs)
            {
                made.Add(new TrainingRun(Options(run, teacher?.Network)));
            }

            frozen = teacher is null ? null : new FrozenTeacher(teacher, made.SelectMany(r => r.TeacherTaps).ToHashSet());
            batches = _transfers.Batches(data, first);
            return new TrainingGroup(batches, frozen, made, _task.Classes);
        }
        catch
        {
            batches?.Dispose();
            frozen?.Dispose();
            teacher?.Dispose();
            made.ForEach(r => r.Dispose());
            throw;
        }
    }

    /// <summary>Makes a model that is not trained here, out of its members or of a file, and writes it as a finished run.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read, or holds another network's weights.</exception>
    public void Compose(PlannedRun run, IReadOnlyDictionary<RunKey, PlannedRun> plan)
    {
        using ImageClassifier classifier = run.Weights is { } weights ? Import(run, weights) : Join(run, plan);
        string folder = _folder.Run(run.Key);
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, TrainingRun.ModelFile);
        classifier.Save(path);
        RunRecord record = RunRecord.Of(run, classifier.Network.ParameterCount(), 0, TorchRuntime.Threads, FileDigest.Sha256(path));
        AtomicFile.WriteAllText(Path.Combine(folder, RunRecord.FileName), record.ToJson());
    }

    /// <summary>A finished run's model in evaluation mode.</summary>
    /// <exception cref="InvalidDataException">Its weights are missing, damaged or of another network; the message names the file and says what to do.</exception>
    public ImageClassifier LoadModel(PlannedRun run)
    {
        string folder = _folder.Run(run.Key);
        string path = Path.Combine(folder, TrainingRun.ModelFile);
        string remedy = $"Delete the folder '{folder}' to train the run again.";
        RunRecord record = RunRecord.TryRead(folder) ?? throw new InvalidDataException($"{path}: expected the weights of a finished run, found no {RunRecord.FileName} beside it. {remedy}");
        if (FileDigest.Sha256(path) is var found && found != record.ModelSha256)
        {
            throw new InvalidDataException($"{path}: expected the weights that were trained (SHA-256 {record.ModelSha256}, says {RunRecord.FileName}), found others ({found}): the file is damaged or was replaced. {remedy}");
        }

        ImageClassifier classifier = MakeClassifier(run, 0);
        try
        {
            using SafeTensorsContent weights = SafeTensors.Read(path);
            classifier.Network.LoadStateDict(weights.Tensors);
            classifier.Network.Eval();
            return classifier;
        }
        catch (Exception e)
        {
            classifier.Dispose();
            if (e is ArgumentException or SafeTensorsException)
            {
                throw new InvalidDataException($"{path}: {e.Message}\n{remedy}", e);
            }

            throw;
        }
    }

    private ImageClassifier Import(PlannedRun run, WeightsDefinition weights)
    {
        ImageClassifier classifier = MakeClassifier(run, 0);
        try
        {
            if (FileDigest.Sha256(weights.Path) != weights.Sha256)
            {
                throw new InvalidDataException($"{weights.Path}: the file changed while the study was running. Start the study again.");
            }

            using WeightsFile file = WeightsFile.Open(weights.Path);
            file.LoadInto(classifier.Network);
            classifier.Network.Eval();
            return classifier;
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    private ImageClassifier Join(PlannedRun run, IReadOnlyDictionary<RunKey, PlannedRun> plan)
    {
        ImageClassifier classifier = MakeClassifier(run, 0);
        try
        {
            var state = new Dictionary<string, Tensor>();
            using var scope = new TensorScope();
            using GradModeScope noGrad = Autograd.NoGrad();
            for (int i = 0; i < run.Members.Count; i++)
            {
                using ImageClassifier member = LoadModel(plan[run.Members[i]]);
                foreach ((string name, Tensor tensor) in member.Network.StateDict())
                {
                    state.Add(EnsembleModel.PathOf(i, name), tensor.Clone());
                }
            }

            classifier.Network.LoadStateDict(state);
            classifier.Network.Eval();
            return classifier;
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    private TrainingRunOptions Options(PlannedRun run, ImageModel? teacher) => new(
        Label(run),
        _folder.Run(run.Key),
        run.Key.ToString(),
        run.Seed,
        run.Epochs,
        seed => MakeClassifier(run, seed),
        student => run.Method is { } method ? MakeMethod(method, student, teacher) : new IndependentMethod(),
        parameters => Recipes.CreateOptimizer(run.Budget.Optimizer.Name, run.Budget.Optimizer.Options, parameters),
        Recipes.CreateSchedule(
            run.Budget.Schedule.Name,
            run.Budget.Schedule.Options,
            run.Budget.Optimizer.Options.Number("learning-rate"),
            run.Budget.Epochs))
    {
        InitialSeed = run.StartSeed,
    };

    private static DistillationMethod MakeMethod(MethodDefinition method, ImageModel student, ImageModel? teacher) => method.Parts.Count == 0
        ? MethodFactory.Create(method.Name, method.Options, student, teacher)
        : new CombinedMethod(
            method.Parts.Select(p => (p.Label, MakeMethod(p, student, teacher))).ToList(),
            method.Options.Has("label-weight") ? method.Options.Number("label-weight") : null);

    private static string Label(PlannedRun run) =>
        run.IsStudent ? FormattableString.Invariant($"{run.Key.Label} seed {run.Seed}") : run.Key.Label;

    /// <summary>The network of a run with fresh weights; of an ensemble, with its members.</summary>
    internal static ImageModel MakeNetwork(PlannedRun run, ImageTask task, ulong seed)
    {
        ImageModel Make() => ModelZoo.Create(run.Model.Name, task, seed, run.Model.Options);

        return run.Members.Count == 0 ? Make() : new EnsembleModel(run.Members.Select(_ => Make()).ToList());
    }

    /// <summary>What a run's network normalises by: the training images' statistics, or those that came with its weights.</summary>
    internal static Normalization NormalizationOf(PlannedRun run, TrainTestData data) =>
        run.Weights is { Mean.Count: > 0 } weights ? new Normalization(weights.Mean, weights.Deviation) : data.Normalization;

    private ImageClassifier MakeClassifier(PlannedRun run, ulong seed)
    {
        Normalization normalization = NormalizationOf(run, _data);
        return new ImageClassifier(MakeNetwork(run, _task, seed), normalization.Mean, normalization.StandardDeviation);
    }
}
