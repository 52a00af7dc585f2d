using System.Diagnostics;
using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Torch;

namespace DistillSharp.Benchmarks;

/// <summary>
/// What contrastive distillation costs a step: drawing the negatives, both embeddings, both directions of the loss, the backward
/// pass and the banks' renewal; batch 64, 50,000 examples, 16,384 negatives, 128 dimensions, features of WRN-40-2's size.
/// The usual form of the same step is in <c>benchmarks/python/crd_step.py</c>.
/// </summary>
public static class CrdStep
{
    private const int Batch = 64;
    private const int Examples = 50_000;
    private const int Features = 128;
    private const int WarmUp = 5;
    private const int Steps = 31;

    /// <summary>Measures with two threads and prints minimum, median and maximum in milliseconds, and the loss of the first step.</summary>
    public static void Run()
    {
        TorchRuntime.EnsureStarted();
        TorchRuntime.Threads = 2;
        using var generator = new Generator(1);
        using DistillationMethod method = CrdMethod.Description.Create(new OptionValues(CrdMethod.Description.Options), new LayerDefaults(Layer("student"), Layer("teacher")));
        using (new TensorScope())
        {
            method.Build(NewBatch(generator), new MethodSetup(Examples, 100, generator));
        }

        var milliseconds = new double[Steps];
        double firstLoss = 0;
        for (int step = -WarmUp; step < Steps; step++)
        {
            using var scope = new TensorScope();
            DistillationBatch batch = NewBatch(generator);
            long start = Stopwatch.GetTimestamp();
            Tensor loss = method.Compute(batch)[^1].Value;
            loss.Backward();
            double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (step >= 0)
            {
                milliseconds[step] = elapsed;
            }
            else if (step == -WarmUp)
            {
                firstLoss = loss.Item();
            }

            foreach (Tensor parameter in method.Parameters)
            {
                parameter.Grad = null;
            }
        }

        Array.Sort(milliseconds);
        Console.WriteLine(FormattableString.Invariant(
            $"crd step, matrix products: min {milliseconds[0]:F1} ms, median {milliseconds[Steps / 2]:F1} ms, max {milliseconds[^1]:F1} ms over {Steps} steps (first loss {firstLoss:F3})"));
    }

    private static DistillationBatch NewBatch(Generator generator)
    {
        Tensor student = Operators.Empty([Batch, Features], DType.Float32).NormalInPlace(0, 1, generator);
        student.RequiresGrad = true;
        return new DistillationBatch
        {
            StudentLogits = Operators.Zeros([Batch, 100]),
            StudentTaps = new Dictionary<string, Tensor> { ["student"] = student },
            TeacherTaps = new Dictionary<string, Tensor> { ["teacher"] = Operators.Empty([Batch, Features], DType.Float32).NormalInPlace(0, 1, generator) },
            Targets = Operators.Zeros([Batch], DType.Int64),
            SampleIndices = Operators.Randint(0, Examples, [Batch], generator),
            Epoch = 0,
            Generator = generator,
        };
    }

    private static NetworkTaps Layer(string path) => new("", path, path, [path], [path]);
}
