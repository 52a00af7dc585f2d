using System.Diagnostics;
using System.Globalization;
using DistillSharp.Torch;

namespace DistillSharp.Benchmarks;

/// <summary>
/// What one call of an operator costs on tensors so small that the call itself is most of it: nanoseconds a call,
/// the median over batches, on one thread, without gradients. Prints <c>operator way nanoseconds</c>.
/// <c>python/operator_call.py</c> is its counterpart.
/// </summary>
internal static class OperatorCallCost
{
    private const int CallsPerScope = 100;
    private const int CallsPerBatch = 2_000;
    private const int Batches = 101;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    public static void Run()
    {
        TorchRuntime.EnsureStarted();
        TorchRuntime.Threads = 1;
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        Tensor a = Operators.Ones([4]);
        Tensor b = Operators.Ones([4]);
        Tensor m = Operators.Ones([8, 8]);
        Tensor image = Operators.Ones([1, 3, 8, 8]);
        Tensor weight = Operators.Ones([4, 3, 3, 3]);
        Tensor bias = Operators.Ones([4]);
        long[] padding = [1, 1];
        Measure("add", () => a.Add(b));
        Measure("mul", () => a.Mul(b));
        Measure("relu", () => a.Relu());
        Measure("mm", () => m.Mm(m));
        Measure("conv2d", () => Operators.Conv2d(image, weight, bias, padding: padding));
    }

    private static void Measure(string name, Func<Tensor> call)
    {
        // As in training: a scope frees what a step made.
        Report(name, "scope", () =>
        {
            for (int i = 0; i < CallsPerBatch / CallsPerScope; i++)
            {
                using var scope = new TensorScope();
                for (int j = 0; j < CallsPerScope; j++)
                {
                    call();
                }
            }
        });

        // As Python does: each result is freed at once.
        Report(name, "dispose", () =>
        {
            for (int i = 0; i < CallsPerBatch; i++)
            {
                call().Dispose();
            }
        });
    }

    private static void Report(string name, string way, Action batch)
    {
        var warm = Stopwatch.StartNew();
        while (warm.Elapsed < WarmUp)
        {
            batch();
        }

        var times = new double[Batches];
        for (int i = 0; i < Batches; i++)
        {
            long start = Stopwatch.GetTimestamp();
            batch();
            times[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / CallsPerBatch;
        }

        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {way} {times[Batches / 2]:F0}"));
    }
}
