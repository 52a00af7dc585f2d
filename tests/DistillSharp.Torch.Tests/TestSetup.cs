// Tests count the live tensors of the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace DistillSharp.Torch.Tests;

/// <summary>What tests of memory and of files share.</summary>
internal static class Check
{
    // Tensors of a few elements: more threads would only wait for each other, long on a busy machine.
    static Check()
    {
        TorchRuntime.EnsureStarted();
        TorchRuntime.Threads = 1;
    }

    /// <summary>Runs an action in a scope and asserts that no tensor outlives it.</summary>
    public static void LeavesNoTensor(Action action)
    {
        long before = Settled();
        using (new TensorScope())
        {
            action();
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    /// <summary>The number of live tensors once the collector has freed what earlier tests forgot.</summary>
    public static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.LiveCount;
    }

    /// <summary>Asserts two lists of numbers equal within an absolute tolerance.</summary>
    public static void Close(ReadOnlySpan<double> expected, Tensor actual, double tolerance = 1e-12)
    {
        double[] found = actual.ToArray<double>();
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(expected[i], found[i], tolerance);
        }
    }
}

/// <summary>A folder for one test's files.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("distillsharp-test-").FullName;

    public string Path => _path;

    public string File(string name) => System.IO.Path.Combine(_path, name);

    public string[] Names() => [.. Directory.GetFileSystemEntries(_path).Select(p => System.IO.Path.GetFileName(p)).Order()];

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
