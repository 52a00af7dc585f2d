namespace DistillSharp.Export;

/// <summary>A size, or another whole number, as the batch's size N gives it: <c>PerImage * N + Fixed</c>.</summary>
/// <param name="PerImage">How much it grows with each image; 0 where it does not depend on the batch.</param>
/// <param name="Fixed">The part that does not grow.</param>
internal readonly record struct BatchedSize(long PerImage, long Fixed)
{
    /// <summary>True where it is the same for every batch.</summary>
    public bool IsFixed => PerImage == 0;

    /// <summary>From its values for two batches.</summary>
    /// <param name="first">The value for <see cref="NetworkTrace.FirstBatch"/> images.</param>
    /// <param name="second">The value for one image more.</param>
    public static BatchedSize Of(long first, long second) => new(second - first, first - (NetworkTrace.FirstBatch * (second - first)));
}
