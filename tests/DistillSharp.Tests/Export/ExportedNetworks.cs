using DistillSharp.Data;
using DistillSharp.Export;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Export;

/// <summary>Every network and operator that the tests look at, exported once and run once in onnxruntime, for batches of 1, 2 and 5.</summary>
public sealed class ExportedNetworks
{
    /// <summary>The name of the ensemble among the exported.</summary>
    public const string EnsembleName = "ensemble";

    private static readonly int[] s_batches = [1, 2, 5];
    private readonly Dictionary<string, string> _failures = [];
    private readonly Dictionary<string, double> _differences = [];
    private readonly Dictionary<string, double> _spreads = [];

    public ExportedNetworks()
    {
        if (OnnxRuntime.Unavailable is not null)
        {
            return;
        }

        string folder = Directory.CreateTempSubdirectory("distillsharp-onnx-").FullName;
        try
        {
            var prepared = new List<(string Name, int Batch, OnnxJob Job, float[] Expected)>();
            foreach ((string name, ImageTask task) in Networks)
            {
                Try(name, () => Prepare(prepared, folder, name, task, () => Randomized(ModelZoo.Create(name.Split(' ')[0], task, 3), task)));
            }

            ImageTask small = new(3, 32, 32, 10);
            Try(EnsembleName, () => Prepare(prepared, folder, EnsembleName, small, () =>
                new EnsembleModel([.. new ulong[] { 1, 2, 3 }.Select(s => Randomized(ModelZoo.Create("resnet8", small, s), small))])));
            for (int i = 0; i < OperatorCases.All.Count; i++)
            {
                Try(OperatorCases.Name(i), () => PrepareOperator(prepared, folder, i));
            }

            IReadOnlyList<(float[]? Logits, string Answer)> answers = OnnxRuntime.Run(folder, [.. prepared.Select(p => p.Job)]);
            foreach (((string name, int batch, _, float[] expected), (float[]? logits, string answer)) in prepared.Zip(answers))
            {
                Compare(name, batch, expected, logits, answer);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The networks with their images; what stands behind a name's space only tells two apart.</summary>
    public static IReadOnlyList<(string Name, ImageTask Task)> Networks { get; } =
    [
        .. ModelZoo.All.Where(f => f.Group == ModelGroup.SmallImages).Select(f => (f.Name, f.Group.UsualTask)),
        ("resnet20 1x28x28", new ImageTask(1, 28, 28, 10)),
        (ChannelsLast("ShuffleV1"), new ImageTask(3, 32, 32, 100)),
        ("imagenet-resnet18", new ImageTask(3, 64, 64, 10)),
        ("imagenet-mobilenet_v2", new ImageTask(3, 64, 64, 10)),
        ("vit_b_32", new ImageTask(3, 64, 64, 10)),
        ("swin_t", new ImageTask(3, 80, 48, 10)),
    ];

    /// <summary>A network whose weights lie in memory as training lays them.</summary>
    private static string ChannelsLast(string name) => name + " channels-last";

    /// <summary>The largest difference between onnxruntime's logits and ours, relative to our largest logit.</summary>
    public double Difference(string name) =>
        _failures.TryGetValue(name, out string? failure) ? throw new InvalidOperationException($"{name}: {failure}") : _differences[name];

    /// <summary>How much our logits differ between two images, relative to the largest: a network that ignores its input would agree with anything.</summary>
    public double Spread(string name) => _spreads[name];

    /// <summary>
    /// Gives every norm statistics, and every weight a value, that a wrong graph could not pass over, and that let the images through.
    /// </summary>
    internal static ImageModel Randomized(ImageModel network, ImageTask task)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        using var generator = new Generator(11);
        foreach ((_, Tensor parameter) in network.NamedParameters().Where(p => p.Value.Dimensions != 4))
        {
            parameter.AddInPlace(parameter.EmptyLike().NormalInPlace(0, 0.05, generator));
        }

        // From zero, one pass leaves a tenth (the norms' momentum) of the batch's statistics.
        List<BatchNorm2d> norms = [.. network.NamedModules().Select(m => m.Value).OfType<BatchNorm2d>()];
        foreach (Tensor statistics in norms.SelectMany(n => new[] { n.RunningMean, n.RunningVariance }))
        {
            statistics.ZeroInPlace();
        }

        if (norms.Count > 0)
        {
            network.UseGenerator(generator);
            network.Train();
            network.Call(Operators.Empty([4, task.Channels, task.Height, task.Width], DType.Float32).NormalInPlace(0, 1, generator));
        }

        foreach (BatchNorm2d norm in norms)
        {
            norm.RunningMean.MulInPlace(10.0);
            norm.RunningMean.AddInPlace(norm.RunningVariance.Sqrt() * norm.RunningMean.EmptyLike().NormalInPlace(0, 0.3, generator));
            norm.RunningVariance.MulInPlace(norm.RunningVariance.EmptyLike().UniformInPlace(7, 14, generator));
        }

        return network;
    }

    // One that cannot be exported is its own test's failure.
    private void Try(string name, Action prepare)
    {
        try
        {
            prepare();
        }
        catch (OnnxExportException e)
        {
            _failures[name] = e.Message;
        }
    }

    private static void Prepare(List<(string Name, int Batch, OnnxJob Job, float[] Expected)> prepared, string folder, string name, ImageTask task, Func<ImageModel> make)
    {
        using var scope = new TensorScope();
        double[] channels = [.. Enumerable.Range(1, task.Channels).Select(c => 0.1 * c)];
        using var classifier = new ImageClassifier(make(), [.. channels.Select(c => 0.3 + c)], [.. channels.Select(c => 0.1 + c)], name == ChannelsLast(name.Split(' ')[0]) ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous);
        string path = Path.Combine(folder, name + ".onnx");
        OnnxExporter.Export(classifier, task, path);
        foreach (int batch in s_batches)
        {
            Tensor images = Images(batch, task.Channels, task.Height, task.Width);
            prepared.Add((name, batch, new OnnxJob(path, images.ToArray<float>(), images.Shape), classifier.Evaluate(images).ToArray<float>()));
        }
    }

    private static void PrepareOperator(List<(string Name, int Batch, OnnxJob Job, float[] Expected)> prepared, string folder, int index)
    {
        using var scope = new TensorScope();
        string name = OperatorCases.Name(index);
        using var network = new FunctionNetwork(OperatorCases.All[index].Function);
        int classes = (int)network.Call(Images(1, OperatorCases.Image)).Size(1);
        string path = Path.Combine(folder, name + ".onnx");
        OnnxExporter.Export(network, new ImageTask((int)OperatorCases.Image[0], (int)OperatorCases.Image[1], (int)OperatorCases.Image[2], classes), path);
        foreach (int batch in s_batches)
        {
            Tensor images = Images(batch, OperatorCases.Image);
            prepared.Add((name, batch, new OnnxJob(path, images.ToArray<float>(), images.Shape), network.Call(images).ToArray<float>()));
        }
    }

    private void Compare(string name, int batch, float[] expected, float[]? logits, string answer)
    {
        if (logits is null || answer != $"ok {batch},{expected.Length / batch}")
        {
            _failures[name] = $"batch of {batch}: onnxruntime says: {answer}";
            return;
        }

        float largest = expected.Max(Math.Abs);
        double difference = expected.Zip(logits, (e, l) => (double)Math.Abs(e - l)).Max() / largest;
        _differences[name] = double.IsNaN(difference) ? double.NaN : Math.Max(difference, _differences.GetValueOrDefault(name));
        if (batch == 2)
        {
            _spreads[name] = expected.Take(expected.Length / 2).Zip(expected.Skip(expected.Length / 2), (a, b) => (double)Math.Abs(a - b)).Max() / largest;
        }
    }

    private static Tensor Images(int batch, params long[] image)
    {
        using var generator = new Generator((ulong)(100 + batch));
        return Operators.Empty([batch, .. image], DType.Float32).UniformInPlace(0, 1, generator);
    }
}
