using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

public sealed class SideBySideTests
{
    [Fact]
    public void ThreadsDoNotChangeResults()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(3);
        using var classifier = new ImageClassifier(ModelZoo.Create("resnet8", new ImageTask(3, 16, 16, 4), 1), [0.5, 0.5, 0.5], [0.3, 0.3, 0.3]);
        Tensor images = Operators.Empty([50, 3, 16, 16], DType.Float32).UniformInPlace(0, 1, generator);
        double[] one = classifier.Evaluate(images, slice: 7).ToArray<double>();
        double[] three = WithThreads(3, () => classifier.Evaluate(images, slice: 7).ToArray<double>());
        Assert.Equal(one, three);
        Assert.Equal(200, one.Length);
    }

    [Fact]
    public void FirstFailureIsThrown()
    {
        using var scope = new TensorScope();
        var thrown = WithThreads(2, () => Assert.Throws<InvalidDataException>(() =>
            SideBySide.Join(10, 2, Device.Cpu, (start, _) => start == 4 ? throw new InvalidDataException("slice 4") : Operators.Ones([2]))));
        Assert.Equal("slice 4", thrown.Message);
        Assert.Equal(0, scope.Count);
    }

    private static T WithThreads<T>(int threads, Func<T> action)
    {
        int before = TorchRuntime.Threads;
        TorchRuntime.Threads = threads;
        try
        {
            return action();
        }
        finally
        {
            TorchRuntime.Threads = before;
        }
    }
}
