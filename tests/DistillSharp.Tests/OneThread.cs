using DistillSharp.Torch;

[assembly: AssemblyFixture(typeof(DistillSharp.Tests.OneThread))]

namespace DistillSharp.Tests;

/// <summary>
/// Tests compute on one thread: their tensors are tiny, and on a busy machine threads that wait for each other take thirty times as long.
/// </summary>
public sealed class OneThread
{
    public OneThread()
    {
        TorchRuntime.EnsureStarted();
        TorchRuntime.Threads = 1;
    }
}
