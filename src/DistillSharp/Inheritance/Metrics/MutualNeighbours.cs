using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Whether two representations place the same examples near to each other: mutual k-nearest neighbours (Huh et al. 2024, appendix A).</summary>
public static class MutualNeighbours
{
    private const int Slice = 500;

    /// <summary>
    /// The k nearest other examples of each example by cosine, [N][k], in no order. Null for an example whose features are all zero or not
    /// finite; it is nobody's direction, and as a candidate it counts as at right angles to all.
    /// </summary>
    /// <param name="features">Features <c>[N, ...]</c>.</param>
    /// <param name="k">How many neighbours, 1 to N - 1.</param>
    public static int[]?[] Find(Tensor features, int k)
    {
        long count = features.Size(0);
        if (k < 1 || k >= count)
        {
            throw new ArgumentOutOfRangeException(nameof(k), k, $"1 to {count - 1} neighbours were expected, fewer than there are examples.");
        }

        using var scope = new TensorScope();
        Tensor rows = features.Detach().To(DType.Float64, Device.Cpu).Reshape([count, -1]);
        Tensor finite = rows.Isfinite().To(DType.Float64).Amin([1], keepdim: true);
        rows = rows.MaskedFill(rows.Isfinite().LogicalNot(), 0.0) * finite;
        Tensor lengths = rows.Square().Sum(1, keepdim: true).Sqrt();
        double[] length = lengths.Flatten().ToArray<double>();
        Tensor unit = rows / lengths.ClampMin(1e-300);
        var found = new int[]?[count];
        for (long start = 0; start < count; start += Slice)
        {
            using var inner = new TensorScope();
            long end = Math.Min(count, start + Slice);
            Tensor cosines = unit.Rows(start, end).Mm(unit.T());
            cosines.Narrow(1, start, end - start).Diagonal().FillInPlace(double.NegativeInfinity);
            long[] nearest = cosines.Topk(k, 1).Item2.ToArray<long>();
            for (long i = start; i < end; i++)
            {
                found[i] = length[i] > 0 ? [.. nearest.AsSpan((int)(i - start) * k, k).ToArray().Select(j => (int)j)] : null;
            }
        }

        return found;
    }

    /// <summary>The share of an example's neighbours in one representation that are its neighbours in the other, 0 to 1, [N]; NaN where either has none.</summary>
    /// <param name="first">What <see cref="Find"/> gave for one representation.</param>
    /// <param name="second">What it gave for the other, with the same k.</param>
    public static double[] Shared(int[]?[] first, int[]?[] second) =>
        [.. first.Zip(second, (a, b) => a is null || b is null ? double.NaN : (double)a.Intersect(b).Count() / a.Length)];
}
