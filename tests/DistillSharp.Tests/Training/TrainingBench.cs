using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Distillation;
using DistillSharp.Models;
using DistillSharp.Optimization;
using DistillSharp.Torch;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

/// <summary>A small data set and a teacher, from which groups of runs are made as a study makes them; files go into a folder that is gone after.</summary>
internal sealed class TrainingBench : IDisposable
{
    private static readonly ImageTask Task = new(1, LearnableImages.Size, LearnableImages.Size, LearnableImages.Classes);
    private readonly TrainTestData _data;

    public TrainingBench()
    {
        TorchRuntime.EnsureStarted();
        LearnableImages.Write(Path.Combine(Folder, "data"), train: 128, test: 16);
        _data = IdxDataset.Any.Load(Path.Combine(Folder, "data"));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("distillsharp-training-").FullName;

    public int BatchSize { get; init; } = 32;

    public double Rate { get; init; } = 0.05;

    /// <summary>Images and labels to validate on.</summary>
    public (Tensor Images, Tensor Labels) Validation => (_data.Test.Images, _data.Test.Labels);

    public static TrainerOptions Options(int workers = 2, double checkpointSeconds = 3600) => new(workers, 1, TimeSpan.FromSeconds(checkpointSeconds));

    /// <summary>A run that trains a convnet of widths 4 and 8, or the teacher's where a method wants them equal.</summary>
    public TrainingRun Run(string method, int seed = 0, int epochs = 2, string folder = "runs", Func<DistillationMethod, DistillationMethod>? wrap = null)
    {
        string own = Path.Combine(Folder, folder, $"{method}-s{seed}");
        Directory.CreateDirectory(own);
        MethodDescription description = MethodRegistry.Get(method);
        var options = new OptionValues(description.Options, method == "crd" ? new Dictionary<string, object?> { ["negatives"] = 32L, ["dimension"] = 16L } : null);
        using ImageModel teacher = Network(0, 8, 16);
        NetworkTaps taught = MethodFactory.Taps(teacher);
        return new TrainingRun(new TrainingRunOptions(
            $"{method} seed {seed}",
            own,
            $"{method}-s{seed}",
            seed,
            epochs,
            // Some methods compare maps of equally many channels only.
            initial => Classifier(method is "fsp" or "kdsvd" ? Network(initial, 8, 16) : Network(initial, 4, 8)),
            student => (wrap ?? (m => m))(description.Create(options, new LayerDefaults(MethodFactory.Taps(student), taught))),
            parameters => new Sgd(parameters, Rate, 0.9),
            new CosineSchedule(Rate, epochs)));
    }

    /// <summary>A frozen teacher; always the same one.</summary>
    public FrozenTeacher Teacher(params IEnumerable<TrainingRun> runs) => new(Classifier(Network(77, 8, 16)), runs.SelectMany(r => r.TeacherTaps).ToHashSet());

    public TrainingGroup Group(params TrainingRun[] runs) => Group(0, runs);

    public TrainingGroup Group(int seed, params TrainingRun[] runs) => new(
        BatchStream.ForTraining(_data.Train, null, BatchSize, (ulong)seed, new Augmentation { Crop = 1, Flip = true }),
        runs.Any(r => r.Method.NeedsTeacher) ? Teacher(runs) : null,
        runs,
        LearnableImages.Classes);

    /// <summary>Trains runs of one seed side by side to the end and frees them.</summary>
    public void Train(TrainerOptions options, params TrainingRun[] runs)
    {
        using TrainingGroup group = Group(runs);
        new Trainer(options).Train([group], Validation);
    }

    /// <summary>What a finished run wrote: weights and metrics.</summary>
    public byte[] Result(string run, string folder = "runs") =>
    [
        .. File.ReadAllBytes(Path.Combine(Folder, folder, run, TrainingRun.ModelFile)),
        .. File.ReadAllBytes(Path.Combine(Folder, folder, run, TrainingRun.MetricsFile)),
    ];

    public void Dispose()
    {
        _data.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static ImageModel Network(ulong seed, params long[] widths)
    {
        ModelFamily family = ModelZoo.Get("convnet");
        return ModelZoo.Create("convnet", Task, seed, new OptionValues(family.Options, new Dictionary<string, object?> { ["widths"] = widths }));
    }

    private ImageClassifier Classifier(ImageModel network) => new(network, _data.Normalization.Mean, _data.Normalization.StandardDeviation);
}
