using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>Forms that several losses bring features to.</summary>
internal static class TensorForms
{
    /// <summary>The least length that is divided by, as in public implementations.</summary>
    public const double LeastLength = 1e-12;

    /// <summary>Vectors along a dimension divided by their length; one of length 0 stays 0.</summary>
    public static Tensor UnitLength(Tensor vectors, long dimension) =>
        vectors / vectors.LinalgVectorNorm(2, [dimension], keepdim: true).ClampMin(LeastLength);

    /// <summary>
    /// Brings two maps <c>[B, C, H, W]</c> to one height and width, the smaller of each, by averages over the larger one's pixels
    /// (adaptive average pooling, as public implementations do).
    /// </summary>
    public static (Tensor First, Tensor Second) ToSmaller(Tensor first, Tensor second)
    {
        long height = Math.Min(first.Size(2), second.Size(2));
        long width = Math.Min(first.Size(3), second.Size(3));
        return (Pool(first, height, width), Pool(second, height, width));
    }

    /// <summary>A map at another, smaller size; itself where the size is equal.</summary>
    public static Tensor Pool(Tensor map, long height, long width) =>
        map.Size(2) == height && map.Size(3) == width ? map : map.AdaptiveAvgPool2d([height, width]);

    /// <summary>Zero that goes back to features, for batches in which a loss compares nothing.</summary>
    public static Tensor Zero(Tensor features) => (features * 0.0).Sum();
}
