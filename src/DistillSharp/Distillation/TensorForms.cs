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

    /// <summary>
    /// Features <c>[B, ...]</c> as rows <c>[B, n]</c>, for losses to which the order of a row's entries is nothing: maps that lie
    /// channels-last keep the order in memory, so that nothing is copied.
    /// </summary>
    public static Tensor Rows(Tensor features) => features.Dimensions == 4 && features.Size(1) > 1 && features.Strides[1] == 1
        ? features.Permute([0, 2, 3, 1]).Flatten(1)
        : features.Flatten(1);

    /// <summary>
    /// The products of all pairs of rows, <c>rows · rowsᵀ</c>, with half of the work on the way back: the two factors' gradients are each
    /// other's transposes, so that only one factor has a graph.
    /// </summary>
    /// <param name="rows"><c>[n, d]</c>, or <c>[B, n, d]</c>.</param>
    /// <param name="symmetric">True where what is made of the products treats (i, j) as it does (j, i): it needs one step less.</param>
    public static Tensor Products(Tensor rows, bool symmetric)
    {
        Tensor constant = rows.Detach();

        // The factor that lies row by row gets the graph: its gradient then lies as it does, also for maps that lie channels-last.
        Tensor half = rows.IsContiguous ? Product(rows, constant.Transpose(-2, -1)) : Product(constant, rows.Transpose(-2, -1));
        return !half.RequiresGrad ? half
            : symmetric ? half * 2.0 - half.Detach()
            : half + (half - half.Detach()).Transpose(-2, -1);
    }

    /// <summary>Zero that goes back to features, for batches in which a loss compares nothing.</summary>
    public static Tensor Zero(Tensor features) => (features * 0.0).Sum();

    private static Tensor Product(Tensor first, Tensor second) => first.Dimensions == 2 ? first.Mm(second) : first.Bmm(second);
}
