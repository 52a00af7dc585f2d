using DistillSharp.Torch;

namespace DistillSharp.Tests;

/// <summary>How many native tensors there are, for tests that count them.</summary>
internal static class LiveTensors
{
    /// <summary>The count once what earlier tests let go was finalised, so that nothing of theirs goes while a test counts.</summary>
    public static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.LiveCount;
    }
}
