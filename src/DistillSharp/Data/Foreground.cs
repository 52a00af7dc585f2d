using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>
/// Tells an object from the plain background that it lies on. Images are UInt8 <c>[N, C, H, W]</c> from 0 to 255, or floating-point in [0, 1];
/// grey is the mean of the channels.
/// </summary>
public static class Foreground
{
    /// <summary>
    /// Float32 <c>[N, 1, H, W]</c>: 1 where the grey image differs from its background by more than a threshold, else 0. The background is the
    /// lower median of the outermost pixels. It means something for objects on a plain background, dark or light, and little for others.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <param name="threshold">Difference in grey, 0 to 1.</param>
    public static Tensor Of(Tensor images, double threshold)
    {
        using var scope = new TensorScope();
        Tensor grey = UnitRange.Grey(images);
        return scope.Keep((grey - Background(grey)).Abs().Gt(threshold).To(DType.Float32));
    }

    /// <summary>The background's grey, Float32 <c>[N, 1, 1, 1]</c>: the lower median of the outermost pixels.</summary>
    /// <param name="images">The images.</param>
    public static Tensor Background(Tensor images)
    {
        using var scope = new TensorScope();
        Tensor grey = UnitRange.Grey(images);
        long height = grey.Size(2), width = grey.Size(3);
        Tensor[] sides = [grey.Narrow(2, 0, 1), grey.Narrow(2, height - 1, 1), grey.Narrow(3, 0, 1).Narrow(2, 1, Math.Max(0, height - 2)), grey.Narrow(3, width - 1, 1).Narrow(2, 1, Math.Max(0, height - 2))];
        Tensor border = Operators.Cat([.. sides.Select(s => s.Flatten(1))], 1);
        Tensor median = border.Sort(1).Item1.Select(1, (border.Size(1) - 1) / 2);
        return scope.Keep(median.Reshape([-1, 1, 1, 1]));
    }
}
