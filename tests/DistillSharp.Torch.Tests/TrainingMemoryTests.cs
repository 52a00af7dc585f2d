using System.Globalization;
using O = DistillSharp.Torch.Operators;

namespace DistillSharp.Torch.Tests;

/// <summary>A small convolutional network, trained with nothing but operators.</summary>
public class TrainingMemoryTests
{
    private const int WarmUp = 300;
    private const int Steps = 1000;
    private const long AllowedGrowth = 24 << 20; // 24 KiB a step would show; a step makes 1 MiB of activations; 1 to 10 MiB in all are usual, the collector's and the allocator's

    [Fact]
    public void Should_learn_in_flat_memory()
    {
        long before = Check.Settled();
        using (new TensorScope())
        {
            using var generator = new Generator(5);
            Tensor[] parameters = [Weight([8, 1, 3, 3], generator), Weight([8], generator), Weight([2, 8], generator), Weight([2], generator)];
            double first = Step(parameters, generator);
            Repeat(WarmUp, parameters, generator);
            long live = Tensor.LiveCount;
            long resident = Resident();
            double last = Repeat(Steps, parameters, generator);
            Assert.Equal(live, Tensor.LiveCount);
            Assert.InRange(Resident() - resident, long.MinValue, AllowedGrowth);
            Assert.True(last < 0.5 * first, $"the loss went from {first} to {last}");
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    private static double Repeat(int steps, Tensor[] parameters, Generator generator)
    {
        double loss = 0;
        for (int i = 0; i < steps; i++)
        {
            loss = Step(parameters, generator);
        }

        return loss;
    }

    // Which half of an image is brighter: images are noise with one half raised.
    private static double Step(Tensor[] parameters, Generator generator)
    {
        using var scope = new TensorScope();
        Tensor classes = O.Randint(0, 2, [32], generator);
        Tensor images = O.Empty([32, 1, 16, 16]).NormalInPlace(0, 1, generator);
        Tensor raised = classes.To(DType.Float32).View([32, 1, 1, 1]);
        images.Narrow(2, 0, 8).AddInPlace(raised);
        images.Narrow(2, 8, 8).SubInPlace(raised);
        Tensor features = O.Conv2d(images, parameters[0], parameters[1], padding: [1, 1]).Relu().MaxPool2d([2, 2]).AdaptiveAvgPool2d([1, 1]).Flatten(1);
        Tensor top = O.Conv2d(images.Narrow(2, 0, 8), parameters[0], parameters[1], padding: [1, 1]).Relu().Mean([2, 3]);
        Tensor loss = O.Linear(top - features, parameters[2], parameters[3]).CrossEntropyLoss(classes);
        loss.Backward();
        using GradModeScope noGrad = Autograd.NoGrad();
        foreach (Tensor parameter in parameters)
        {
            parameter.AddInPlace(parameter.Grad!, -0.2);
            parameter.Grad = null;
        }

        return loss.Item();
    }

    private static Tensor Weight(long[] shape, Generator generator)
    {
        Tensor weight = O.Empty(shape).NormalInPlace(0, 0.4, generator);
        weight.RequiresGrad = true;
        return weight;
    }

    private static long Resident()
    {
        string line = File.ReadLines("/proc/self/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
