using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using DistillSharp.Torch;

namespace DistillSharp.Training;

/// <summary>
/// Threads that do a list of tasks and wait for the next. Each may use a fixed number of libtorch threads: small networks gain more
/// from training side by side, one thread each, than from splitting every operator, and results do not depend on who did which task.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private readonly BlockingCollection<Action> _tasks = [];
    private readonly Thread[] _threads;

    public WorkerPool(int workers, int torchThreadsEach)
    {
        _threads = new Thread[workers];
        for (int i = 0; i < workers; i++)
        {
            _threads[i] = new Thread(() => Work(torchThreadsEach)) { IsBackground = true, Name = $"training {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Does all tasks and returns when the last is done; the first failure is thrown then.</summary>
    public void Run(IReadOnlyList<Action> tasks)
    {
        using var left = new CountdownEvent(Math.Max(1, tasks.Count));
        ExceptionDispatchInfo? failure = null;
        foreach (Action task in tasks)
        {
            _tasks.Add(() =>
            {
                try
                {
                    task();
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                }
                finally
                {
                    left.Signal();
                }
            });
        }

        if (tasks.Count > 0)
        {
            left.Wait();
        }

        failure?.Throw();
    }

    public void Dispose()
    {
        _tasks.CompleteAdding();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _tasks.Dispose();
    }

    private void Work(int torchThreads)
    {
        TorchRuntime.Threads = torchThreads;
        foreach (Action task in _tasks.GetConsumingEnumerable())
        {
            task();
        }
    }
}
