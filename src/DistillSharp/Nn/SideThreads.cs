using System.Runtime.ExceptionServices;
using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>
/// Parts of one piece of work side by side, each on one libtorch thread, on as many threads as the caller may use. What the parts
/// compute does not depend on how many threads there are.
/// </summary>
internal static class SideThreads
{
    /// <summary>Does every part and returns when the last is done; the first failure is thrown then.</summary>
    /// <param name="parts">How many parts there are.</param>
    /// <param name="most">The most threads to use; with one, the caller's own does everything.</param>
    /// <param name="work">Does the part of a number, from 0; called on several threads, each of which records gradients until told otherwise.</param>
    public static void Run(int parts, int most, Action<int> work)
    {
        int next = -1;
        void Work()
        {
            for (int i = Interlocked.Increment(ref next); i < parts; i = Interlocked.Increment(ref next))
            {
                work(i);
            }
        }

        int count = Math.Min(most, parts);
        if (count < 2)
        {
            Work();
        }
        else
        {
            OnThreads(count, Work);
        }
    }

    private static void OnThreads(int count, Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            threads[i] = new Thread(() =>
            {
                try
                {
                    TorchRuntime.UseThreadsHere(1);
                    work();
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                }
            }) { IsBackground = true, Name = $"part {i}" };
            threads[i].Start();
        }

        Array.ForEach(threads, thread => thread.Join());
        failure?.Throw();
    }
}
