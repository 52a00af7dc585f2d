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
        ImageClassifier? teacher = runs.Select(r => r.TeacherKey).FirstOrDefault(k => k is not null) is { } key ? LoadModel(plan[key]) : null;
        List<TrainingRun> made = runs.Select(r => new TrainingRun(Options(r, teacher?.Network))).ToList();
        FrozenTeacher? frozen = teacher is null ? null : new FrozenTeacher(teacher, made.SelectMany(r => r.TeacherTaps).ToHashSet());
        BatchStream batches = BatchStream.ForTraining(
            _data.Train, _split.Train, first.Budget.BatchSize, (ulong)first.Seed, Augmentation.From(_study.Data.Augmentation.Options));
        return new TrainingGroup(batches, frozen, made, _task.Classes);
    }

    /// <summary>A finished run's model in evaluation mode.</summary>
    /// <exception cref="SafeTensorsException">Its weights are broken; the message names the file.</exception>
    /// <exception cref="InvalidDataException">Its weights are of another network.</exception>
    public ImageClassifier LoadModel(PlannedRun run)
    {
        string path = Path.Combine(_folder.Run(run.Key), TrainingRun.ModelFile);
        ImageClassifier classifier = MakeClassifier(run.Model, 0);
        try
        {
            using SafeTensorsContent weights = SafeTensors.Read(path);
            classifier.Network.LoadStateDict(weights.Tensors);
            classifier.Network.Eval();
            return classifier;
        }
        catch (ArgumentException e)
        {
            classifier.Dispose();
            throw new InvalidDataException($"{path}: {e.Message}\nDelete the folder to train the run again.", e);
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
        run.Budget.Epochs,
        seed => MakeClassifier(run.Model, seed),
        student => run.Method is { } method
            ? MethodRegistry.Get(method.Name).Create(method.Options, StudyCatalog.DefaultLayers(student, teacher))
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
