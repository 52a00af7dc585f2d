using System.Runtime.ExceptionServices;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// Works on slices of images side by side, each on one libtorch thread, as many as this thread may use. That beats splitting every
/// operator: threads do not wait for each other a hundred times a slice, and results do not depend on how many there are.
/// </summary>
internal static class SideBySide
{
    /// <summary>Makes one tensor of each slice and joins them.</summary>
    /// <param name="count">How many images there are.</param>
    /// <param name="slice">How many images at a time.</param>
    /// <param name="device">Where the work is done: a CUDA device takes one slice after the other.</param>
    /// <param name="make">From the first image of a slice and the one after its last to the slice's result; called on several threads.</param>
    public static Tensor Join(long count, int slice, Device device, Func<long, long, Tensor> make)
    {
        using var scope = new TensorScope();
        var parts = new Tensor[(count + slice - 1) / slice];
        int workers = device.IsCuda ? 1 : Math.Min(TorchRuntime.Threads, parts.Length);
        int next = -1;
        void Work()
        {
            for (int i = Interlocked.Increment(ref next); i < parts.Length; i = Interlocked.Increment(ref next))
            {
                using var inner = new TensorScope();
                parts[i] = make((long)i * slice, Math.Min(count, ((long)i + 1) * slice)).Unscoped();
            }
        }

        try
        {
            if (workers < 2)
            {
                Work();
            }
            else
            {
                OnThreads(workers, Work);
            }

            return scope.Keep(Operators.Cat(parts));
        }
        finally
        {
            Array.ForEach(parts, part => part?.Dispose());
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
            }) { IsBackground = true, Name = $"slices {i}" };
            threads[i].Start();
        }

        Array.ForEach(threads, thread => thread.Join());
        failure?.Throw();
    }
}
