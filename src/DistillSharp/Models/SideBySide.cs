using DistillSharp.Nn;
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
        try
        {
            SideThreads.Run(parts.Length, device.IsCuda ? 1 : TorchRuntime.Threads, i =>
            {
                using var inner = new TensorScope();
                parts[i] = make((long)i * slice, Math.Min(count, ((long)i + 1) * slice)).Unscoped();
            });
            return scope.Keep(Operators.Cat(parts));
        }
        finally
        {
            Array.ForEach(parts, part => part?.Dispose());
        }
    }
}
