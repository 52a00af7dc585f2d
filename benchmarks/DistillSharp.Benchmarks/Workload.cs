using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Distillation;
using DistillSharp.Models;
using DistillSharp.Optimization;
using DistillSharp.Studies;
using DistillSharp.Training;

namespace DistillSharp.Benchmarks;

/// <summary>Data, networks and runs of a size, filled with random numbers: what the benchmarks train and evaluate.</summary>
internal sealed class Workload
{
    public const int BatchSize = 64;
    private const int Classes = 10;
    private readonly double[] _mean;
    private readonly double[] _deviation;

    /// <summary>Makes images of a size.</summary>
    /// <param name="channels">Channels: 1 or 3.</param>
    /// <param name="side">Height and width.</param>
    /// <param name="images">How many.</param>
    public Workload(int channels, int side, int images)
    {
        Task = new ImageTask(channels, side, side, Classes);
        _mean = [.. Enumerable.Repeat(0.4, channels)];
        _deviation = [.. Enumerable.Repeat(0.3, channels)];
        var random = new Random(1);
        var bytes = new byte[images * channels * side * side];
        random.NextBytes(bytes);
        long[] labels = [.. Enumerable.Range(0, images).Select(_ => (long)random.Next(Classes))];
        Data = ImageDataset.From("random", bytes, channels, side, side, labels, [.. Enumerable.Range(0, Classes).Select(c => $"{c}")]);
    }

    public ImageTask Task { get; }

    public ImageDataset Data { get; }

    public ImageClassifier Classifier(string network, long[]? widths = null, ulong seed = 0, Torch.MemoryFormat? layout = null)
    {
        IReadOnlyList<OptionSpec> specs = ModelZoo.Get(network).Options;
        var options = new OptionValues(specs, widths is null ? null : new Dictionary<string, object?> { ["widths"] = widths });
        ImageModel model = ModelZoo.Create(network, Task, seed, options);
        return layout is { } wanted ? new ImageClassifier(model, _mean, _deviation, wanted) : new ImageClassifier(model, _mean, _deviation);
    }

    public TrainingRun Run(string method, ImageModel? teacher, string network, long[]? widths = null, Torch.MemoryFormat? layout = null) => new(new TrainingRunOptions(
        method,
        Folder: null,
        Definition: "",
        Seed: 0,
        Epochs: int.MaxValue,
        seed => Classifier(network, widths, seed, layout),
        student => MethodFactory.Create(method, new OptionValues(MethodRegistry.Get(method).Options), student, teacher),
        parameters => new Sgd(parameters, 0.05, 0.9, 5e-4, nesterov: true),
        new CosineSchedule(0.05, 1000)));
}
