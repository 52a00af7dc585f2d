using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>Images as networks take them.</summary>
internal static class UnitRange
{
    /// <summary>Bytes as Float32 in [0, 1]; floating-point images as they are.</summary>
    public static Tensor Of(Tensor images) => images.DType == DType.UInt8 ? images.To(DType.Float32).DivInPlace(255.0) : images;

    /// <summary>The mean of the channels of images in [0, 1], <c>[N, 1, H, W]</c>.</summary>
    public static Tensor Grey(Tensor images)
    {
        Tensor unit = Of(images);
        return unit.Size(1) == 1 ? unit : unit.Mean(1, keepdim: true);
    }
}
