using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Distillation;
using DistillSharp.Models;
using DistillSharp.Optimization;
using DistillSharp.Torch;
using DistillSharp.Training;

namespace DistillSharp;

/// <summary>Trains a network, or distils one from another, in one call. Studies do the same with controls, checkpoints and findings.</summary>
public static class Distiller
{
    /// <summary>Trains a network on labels alone.</summary>
    /// <param name="network">The network and its options, e.g. <c>resnet20</c>.</param>
    /// <param name="data">The data; the test images are not touched.</param>
    /// <param name="options">How it is trained; defaults where null.</param>
    /// <param name="progress">Told several times a second how far training has come.</param>
    /// <returns>The network in evaluation mode, with the normalisation of its input; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">A name or an option does not exist, or does not fit the data.</exception>
    /// <exception cref="NonFiniteLossException">A loss was infinite or not a number.</exception>
    public static ImageClassifier Train(Choice network, TrainTestData data, DistillerOptions? options = null, Action<TrainingProgress>? progress = null) =>
        Run(null, network, [IndependentMethod.Description.Name], data, options ?? new DistillerOptions(), progress);

    /// <summary>Trains a student from a teacher.</summary>
    /// <param name="teacher">The trained teacher; it is not changed.</param>
    /// <param name="student">The student's network and its options.</param>
    /// <param name="data">The data; the test images are not touched.</param>
    /// <param name="method">The method and its options, e.g. <c>kl</c>.</param>
    /// <param name="options">How it is trained; defaults where null.</param>
    /// <param name="progress">Told several times a second how far training has come.</param>
    /// <returns>The student in evaluation mode, with the normalisation of its input; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">A name or an option does not exist, or does not fit the networks.</exception>
    /// <exception cref="NonFiniteLossException">A loss was infinite or not a number.</exception>
    public static ImageClassifier Distill(
        ImageClassifier teacher, Choice student, TrainTestData data, Choice? method = null, DistillerOptions? options = null, Action<TrainingProgress>? progress = null) =>
        Run(teacher, student, [method ?? "kl"], data, options ?? new DistillerOptions(), progress);

    /// <summary>Trains a student from a teacher by several methods at once: the sum of what they give, each with its own options.</summary>
    /// <param name="teacher">The trained teacher; it is not changed.</param>
    /// <param name="student">The student's network and its options.</param>
    /// <param name="data">The data; the test images are not touched.</param>
    /// <param name="methods">The methods and their options, at least one, none twice.</param>
    /// <param name="options">How it is trained; defaults where null.</param>
    /// <param name="progress">Told several times a second how far training has come.</param>
    /// <returns>The student in evaluation mode, with the normalisation of its input; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">A name or an option does not exist, or does not fit the networks.</exception>
    /// <exception cref="NonFiniteLossException">A loss was infinite or not a number.</exception>
    public static ImageClassifier Distill(
        ImageClassifier teacher, Choice student, TrainTestData data, IReadOnlyList<Choice> methods, DistillerOptions? options = null, Action<TrainingProgress>? progress = null) =>
        Run(teacher, student, methods, data, options ?? new DistillerOptions(), progress);

    private static ImageClassifier Run(
        ImageClassifier? teacher, Choice network, IReadOnlyList<Choice> methods, TrainTestData data, DistillerOptions options, Action<TrainingProgress>? progress)
    {
        TorchRuntime.EnsureStarted();
        using var scope = new TensorScope();
        var task = new ImageTask(data.Train.Channels, data.Train.Height, data.Train.Width, data.Train.ClassNames.Count);
        OptionValues networkOptions = network.Values(ModelZoo.Get(network.Name).Options);
        var chosen = methods.Select(m => (m.Name, Options: m.Values(MethodRegistry.Get(m.Name).Options))).ToList();
        ImageClassifier? answering = teacher?.Copy();
        var run = new TrainingRun(new TrainingRunOptions(
            $"{network.Name} by {string.Join(" and ", chosen.Select(m => m.Name))}",
            Folder: null,
            Definition: "",
            options.Seed,
            options.Epochs,
            seed => new ImageClassifier(ModelZoo.Create(network.Name, task, seed, networkOptions), data.Normalization.Mean, data.Normalization.StandardDeviation),
            model => chosen is [var only]
                ? MethodFactory.Create(only.Name, only.Options, model, answering?.Network)
                : new CombinedMethod(chosen.Select(m => (m.Name, MethodFactory.Create(m.Name, m.Options, model, answering?.Network))).ToList()),
            parameters => new Sgd(parameters, options.LearningRate, options.Momentum, options.WeightDecay, nesterov: true),
            new CosineSchedule(options.LearningRate, options.Epochs)));
        using DatasetSplit split = DatasetSplit.Create(data.Train, options.Validation, (ulong)options.Seed, options.Images);
        using var group = new TrainingGroup(
            BatchStream.ForTraining(data.Train, split.Train, options.BatchSize, (ulong)options.Seed, options.Augmentation),
            answering is null ? null : new FrozenTeacher(answering, run.TeacherTaps.ToHashSet()),
            [run],
            task.Classes);
        (Tensor, Tensor)? validation = options.Validation > 0
            ? (data.Train.Images.IndexSelect(0, split.Validation), data.Train.Labels.IndexSelect(0, split.Validation))
            : null;
        new Trainer(TrainerOptions.For(1) with { CheckpointEvery = TimeSpan.MaxValue }, progress).Train([group], validation);
        ImageClassifier trained = run.Classifier.Copy();
        trained.Network.Eval();
        return trained;
    }
}

/// <summary>How <see cref="Distiller"/> trains: SGD with Nesterov momentum and a cosine schedule.</summary>
public sealed record DistillerOptions
{
    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>Images in a batch.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Initialisation, order and augmentation follow from it.</summary>
    public int Seed { get; init; }

    /// <summary>Training images used; null for all that validation leaves.</summary>
    public int? Images { get; init; }

    /// <summary>Images held out of the training set, to follow progress on.</summary>
    public int Validation { get; init; }

    /// <summary>The largest step.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>Share of the former step that is kept.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>How strongly weights shrink.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>How training images are changed at random.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.None;
}
