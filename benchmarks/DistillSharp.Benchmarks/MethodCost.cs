using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Torch;

namespace DistillSharp.Benchmarks;

/// <summary>
/// What the loss of each method costs a step, the cross-entropy with the labels included: all terms and their backward pass down to the
/// student's features, with everything that is trained beside the student. Batch 64, features of WRN-40-2 and WRN-16-2 on
/// 32x32 images, 100 classes, 50,000 training examples. Methods with an initial stage are measured after it; those that take maps
/// also with maps that lie channels-last, as in training. The usual public forms of the same losses are in <c>python/method_cost.py</c>.
/// </summary>
internal static class MethodCost
{
    private const int Batch = 64;
    private const int Classes = 100;
    private const int Examples = 50_000;
    private const int Steps = 8;
    private static readonly (string Name, long[] Shape)[] Layers =
    [
        ("stem", [16, 32, 32]), ("map1", [32, 32, 32]), ("map2", [64, 16, 16]), ("map3", [128, 8, 8]), ("vector", [128]),
    ];

    /// <summary>Measures every method, or those named.</summary>
    public static void Run(int threads, IReadOnlyCollection<string> names)
    {
        TorchRuntime.Threads = threads;
        foreach (MethodDescription method in MethodRegistry.All.Where(m => names.Count == 0 || names.Contains(m.Name)))
        {
            if (Measure(method, threads, MemoryFormat.Contiguous, "DistillSharp"))
            {
                Measure(method, threads, MemoryFormat.ChannelsLast, "channels-last");
            }
        }
    }

    // True where the method takes maps.
    private static bool Measure(MethodDescription description, int threads, MemoryFormat layout, string way)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        string[] maps = ["map1", "map2", "map3"];
        NetworkTaps network = new("", "map2", "vector", [.. Layers.Select(l => l.Name)], ["stem", .. maps]);

        // Flow between layers is taken of the same three maps as the others, without the stem's.
        Dictionary<string, object?> given = description.Name == "fsp" ? new() { ["student-layers"] = maps, ["teacher-layers"] = maps } : [];
        using DistillationMethod method = description.Create(new OptionValues(description.Options, given), new LayerDefaults(network, network));
        DistillationBatch batch = NewBatch(generator, layout);
        using (Autograd.NoGrad())
        {
            method.Build(batch, new MethodSetup(Examples, Classes, generator)
            {
                BatchesPerEpoch = Steps,
                Survey = () => new TeacherSurvey(Drawn([Examples, Classes], generator), Operators.Randint(0, Classes, [Examples], generator)),
                TeacherClassWeights = Drawn([Classes, 128], generator),
            });
        }

        Tensor[] leaves = [batch.StudentLogits, .. batch.StudentTaps.Values, .. method.Parameters];
        Clock.Report(description.Name, way, threads, Clock.Measure(() =>
        {
            using var step = new TensorScope();
            LossTerm.Sum(method.Compute(batch)).Backward();
            Array.ForEach(leaves, l => l.Grad = null);
        }));
        return method.StudentTaps.Any(t => t != "vector");
    }

    private static DistillationBatch NewBatch(Generator generator, MemoryFormat layout) => new()
    {
        StudentLogits = Leaf(Drawn([Batch, Classes], generator)),
        TeacherLogits = Drawn([Batch, Classes], generator),
        StudentTaps = Layers.ToDictionary(l => l.Name, l => Leaf(Features(l.Shape, generator, layout))),
        TeacherTaps = Layers.ToDictionary(l => l.Name, l => Features(l.Shape, generator, layout)),
        Targets = Operators.Randint(0, Classes, [Batch], generator),
        SampleIndices = Operators.Randint(0, Examples, [Batch], generator),
        Epoch = 0,
        Step = Steps - 1,
        Generator = generator,
    };

    // As behind a ReLU: none is negative, and half are 0.
    private static Tensor Features(long[] shape, Generator generator, MemoryFormat layout)
    {
        Tensor features = Drawn([Batch, .. shape], generator).Relu();
        return features.Dimensions == 4 ? features.Contiguous(layout) : features;
    }

    private static Tensor Drawn(long[] shape, Generator generator) => Operators.Empty(shape, DType.Float32).NormalInPlace(0, 1, generator);

    private static Tensor Leaf(Tensor value)
    {
        value.RequiresGrad = true;
        return value;
    }
}
