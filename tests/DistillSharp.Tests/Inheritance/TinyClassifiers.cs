using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Optimization;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>Classifiers of which is known what they inherited, because their weights say so.</summary>
internal static class TinyClassifiers
{
    public const int Side = 6;
    public const int Classes = 3;

    private const int TrainingImages = 150;
    private const int TrainingSteps = 60;

    private static readonly double[] Mean = [0.5];
    private static readonly double[] Deviation = [0.25];
    private static readonly Dictionary<(ulong Seed, TinyInput Input, int Stride), float[][]> Trained = [];

    /// <summary>
    /// Images of a task that classifiers get right about nine times in ten: a pattern for each class, the same for all seeds, under noise.
    /// What is made is on the caller's scope.
    /// </summary>
    public static ImageSet Images(int count, ulong seed)
    {
        using var scope = new TensorScope();
        using var patternGenerator = new Generator(0);
        using var generator = new Generator(seed);
        Tensor patterns = Operators.Empty([Classes, 1, Side, Side], DType.Float32).NormalInPlace(0, 0.07, patternGenerator);
        Tensor labels = Operators.Randint(0, Classes, [count], generator);
        Tensor noise = Operators.Empty([count, 1, Side, Side], DType.Float32).NormalInPlace(0.5, 0.2, generator);
        Tensor images = ((patterns.IndexSelect(0, labels) + noise).Clamp(0.0, 1.0) * 255.0).To(DType.UInt8);
        return new ImageSet(scope.Keep(images), scope.Keep(labels));
    }

    /// <summary>Trained on the task, with weights and training images of its own: a teacher, or an independent student.</summary>
    public static ImageClassifier Random(ulong seed, int stride = 1) => Wrap(Network(seed, TinyInput.Plain, stride));

    /// <summary>Trained behind a rounding of the input: no gradients with respect to images.</summary>
    public static ImageClassifier Stepped(ulong seed) => Wrap(Network(seed, TinyInput.Stepped));

    /// <summary>Trained behind a normalisation of each image: the same answers whatever brightness and contrast.</summary>
    public static ImageClassifier Centred(ulong seed) => Wrap(Network(seed, TinyInput.Centred));

    /// <summary>The weights of another classifier, moved a little: what a student that copied its teacher has.</summary>
    public static ImageClassifier Copy(ImageClassifier of, ulong seed, double noise = 0.02)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        using var generator = new Generator(seed);
        TinyNetwork network = Network(seed, of.Network is TinyNetwork { Input: TinyInput.Centred } ? TinyInput.Centred : TinyInput.Plain);
        network.LoadStateDict(of.Network.StateDict());
        foreach (Tensor parameter in network.Parameters())
        {
            parameter.AddInPlace(parameter.EmptyLike().NormalInPlace(0, noise, generator));
        }

        return Wrap(network);
    }

    /// <summary>Another teacher of the same task that is easier to fool: its weights are moved so far that many answers are near to a tie.</summary>
    public static ImageClassifier Shaky(ImageClassifier of) => Copy(of, 77, noise: 0.15);

    /// <summary>The same class for every image.</summary>
    public static ImageClassifier Constant(ulong seed) => Change(seed, output => output.ZeroInPlace().Rows(0, 1).FillInPlace(1e-3));

    /// <summary>Different classes for different images, but every channel speaks against every class: all maps are zero after the ReLU.</summary>
    public static ImageClassifier WithoutMaps(ulong seed) => Change(seed, output =>
    {
        Tensor perChannel = output.View([Classes, 4, -1]);
        perChannel.SubInPlace(perChannel.Mean(2, keepdim: true) + 1e-3);
    });

    /// <summary>Logits so large that those of sure answers are not finite in Float32.</summary>
    public static ImageClassifier Overflowing(ulong seed) => Change(seed, output => output.MulInPlace(1.5e38));

    /// <summary>Different classes for different images, right no more often than chance.</summary>
    public static ImageClassifier Untrained(ulong seed) => Change(seed, output => output.SubInPlace(output.Mean(0, keepdim: true)).CopyInPlace(output.Flip([1])));

    /// <summary>Takes the sight of a classifier: its map is zero for every image.</summary>
    public static void Blind(ImageClassifier classifier)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        foreach ((string name, Tensor parameter) in classifier.Network.NamedParameters())
        {
            if (name.StartsWith("conv.", StringComparison.Ordinal))
            {
                parameter.FillInPlace(name.EndsWith("bias", StringComparison.Ordinal) ? -1 : 0);
            }
        }
    }

    /// <summary>Logits that are not numbers.</summary>
    public static ImageClassifier Broken(ulong seed) => Change(seed, output => output.FillInPlace(double.NaN));

    private static ImageClassifier Change(ulong seed, Action<Tensor> change)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        TinyNetwork network = Network(seed, TinyInput.Plain);
        change(network.Output.Weight);
        return Wrap(network);
    }

    private static TinyNetwork Network(ulong seed, TinyInput input, int stride = 1)
    {
        TorchRuntime.EnsureStarted();
        using var scope = new TensorScope();
        using var generator = new Generator(seed);
        var network = new TinyNetwork(generator, input, stride);
        if (!Trained.TryGetValue((seed, input, stride), out float[][]? weights))
        {
            Train(network, seed, generator);
            weights = [.. network.Parameters().Select(p => p.ToArray<float>())];
            Trained.Add((seed, input, stride), weights);
        }

        using GradModeScope noGrad = Autograd.NoGrad();
        foreach ((Tensor parameter, float[] values) in network.Parameters().Zip(weights))
        {
            parameter.CopyInPlace(Tensor.From(values, parameter.Shape));
        }

        return network;
    }

    private static void Train(TinyNetwork network, ulong seed, Generator generator)
    {
        using GradModeScope recording = Autograd.EnableGrad();
        using var optimizer = new Adam(network.Parameters(), learningRate: 0.01);
        ImageSet set = Images(TrainingImages, 1000 + seed);
        Tensor input = (ImageClassifier.ToUnitRange(set.Images) - Mean[0]) / Deviation[0];
        network.UseGenerator(generator);
        for (int step = 0; step < TrainingSteps; step++)
        {
            using var inner = new TensorScope();
            network.ZeroGradients();
            network.Call(input).CrossEntropyLoss(set.Labels).Backward();
            optimizer.Step();
        }

        network.ZeroGradients();
    }

    private static ImageClassifier Wrap(TinyNetwork network)
    {
        using var scope = new TensorScope();
        return new ImageClassifier(network, Mean, Deviation);
    }
}
