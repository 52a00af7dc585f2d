using System.Security.Cryptography;
using DistillSharp.Data;
using DistillSharp.Distillation;
using DistillSharp.Models;
using DistillSharp.Optimization;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;
using DistillSharp.Training;

namespace DistillSharp.Studies;

/// <summary>Makes training groups and trained models out of a plan.</summary>
internal sealed class RunFactory
{
    private readonly StudyDefinition _study;
    private readonly TrainTestData _data;
    private readonly DatasetSplit _split;
    private readonly ResultsFolder _folder;
    private readonly ImageTask _task;

    public RunFactory(StudyDefinition study, TrainTestData data, DatasetSplit split, ResultsFolder folder)
    {
        _study = study;
        _data = data;
        _split = split;
        _folder = folder;
        _task = new ImageTask(data.Train.Channels, data.Train.Height, data.Train.Width, data.Train.ClassNames.Count);
    }

    /// <summary>Runs that train side by side; they share seed, budget and teacher.</summary>
    public TrainingGroup MakeGroup(IReadOnlyList<PlannedRun> runs, IReadOnlyDictionary<RunKey, PlannedRun> plan)
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
            batches = BatchStream.ForTraining(
                _data.Train, _split.Train, first.Budget.BatchSize, (ulong)first.Seed, Augmentation.From(_study.Data.Augmentation.Options));
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

    /// <summary>A finished run's model in evaluation mode.</summary>
    /// <exception cref="InvalidDataException">Its weights are missing, damaged or of another network; the message names the file and says what to do.</exception>
    public ImageClassifier LoadModel(PlannedRun run)
    {
        string folder = _folder.Run(run.Key);
        string path = Path.Combine(folder, TrainingRun.ModelFile);
        string remedy = $"Delete the folder '{folder}' to train the run again.";
        RunRecord record = RunRecord.TryRead(folder) ?? throw new InvalidDataException($"{path}: expected the weights of a finished run, found no {RunRecord.FileName} beside it. {remedy}");
        if (Sha256(path) is var found && found != record.ModelSha256)
        {
            throw new InvalidDataException($"{path}: expected the weights that were trained (SHA-256 {record.ModelSha256}, says {RunRecord.FileName}), found others ({found}): the file is damaged or was replaced. {remedy}");
        }

        ImageClassifier classifier = MakeClassifier(run.Model, 0);
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

    /// <summary>SHA-256 of a file, as <c>sha256sum</c> prints it.</summary>
    public static string Sha256(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private TrainingRunOptions Options(PlannedRun run, ImageModel? teacher) => new(
        Label(run),
        _folder.Run(run.Key),
        run.Key.ToString(),
        run.Seed,
        run.Budget.Epochs,
        seed => MakeClassifier(run.Model, seed),
        student => run.Method is { } method
            ? MethodFactory.Create(method.Name, method.Options, student, teacher)
            : new IndependentMethod(),
        parameters => Recipes.CreateOptimizer(run.Budget.Optimizer.Name, run.Budget.Optimizer.Options, parameters),
        Recipes.CreateSchedule(
            run.Budget.Schedule.Name,
            run.Budget.Schedule.Options,
            run.Budget.Optimizer.Options.Number("learning-rate"),
            run.Budget.Epochs));

    private static string Label(PlannedRun run) => run.Role switch
    {
        RunRole.Teacher or RunRole.OtherTeacher => run.Key.Label,
        _ => FormattableString.Invariant($"{run.Key.Label} seed {run.Seed}"),
    };

    private ImageClassifier MakeClassifier(ModelDefinition model, ulong seed) => new(
        ModelZoo.Create(model.Name, _task, seed, model.Options),
        _data.Normalization.Mean,
        _data.Normalization.StandardDeviation);
}
