using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Right singular vectors of maps: of each example's matrix <c>[H·W, C]</c>, pixels by channels. Each is a unit vector of channels.
/// </summary>
/// <remarks>
/// A full decomposition with its backward pass is several times as expensive as what the loss needs of it, a few vectors. So the
/// student's come from the eigenvectors of the smaller Gram matrix, and their gradient from the perturbation of an eigenvector v with
/// eigenvalue λ of G = XᵀX: dv = (λ - G)⁺ dG v, the sum over the other eigenvectors u of u (u·dG v)/(λ - μ). Directions whose
/// eigenvalues coincide with λ are left out, where a decomposition's gradient is not finite. libtorch decomposes the matrices of a batch
/// one after the other; here they are shared out among the threads that the caller may use.
/// </remarks>
internal static class SingularVectors
{
    // Fewer matrices than this are not worth a thread.
    private const int LeastSlice = 4;

    /// <summary>
    /// The leading singular values and vectors, without graph, with the signs that LAPACK's singular value decomposition gives: the loss
    /// depends on the signs of neighbouring maps, and public implementations take these.
    /// </summary>
    /// <param name="map"><c>[B, C, H, W]</c>.</param>
    /// <param name="count">How many; fewer where there are fewer.</param>
    /// <returns><c>[B, count]</c>, descending, and <c>[B, C, count]</c>.</returns>
    public static (Tensor Values, Tensor Vectors) Leading(Tensor map, int count)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        Tensor[] leading = InSlices(map.Detach().Flatten(2), channels => Decomposed(channels, count));
        return (leading[0], leading[1]);
    }

    /// <summary>For each given vector the nearest in direction of the map's leading ones, with its sign, and with its graph.</summary>
    /// <param name="map"><c>[B, C, H, W]</c>, with graph.</param>
    /// <param name="targets">Unit vectors <c>[B, C, k]</c>, without graph.</param>
    /// <param name="among">How many of the map's leading vectors are looked through; fewer where there are fewer.</param>
    /// <returns><c>[B, C, k]</c>.</returns>
    public static Tensor Nearest(Tensor map, Tensor targets, int among)
    {
        Tensor channels = map.Flatten(2);
        bool byChannels = channels.Size(1) <= channels.Size(2);
        Tensor matrix = byChannels ? channels : channels.Transpose(1, 2);
        Tensor gram = TensorForms.Products(matrix, symmetric: false);
        Tensor eigenvalues, eigenvectors, start, value;
        using (Autograd.NoGrad())
        {
            Tensor[] decomposition = InSlices(gram.Detach(), g => Pair(g.LinalgEigh()));
            (eigenvalues, eigenvectors) = (decomposition[0], decomposition[1]);
            long size = eigenvalues.Size(1), kept = Math.Min(among, size);
            Tensor leading = eigenvectors.Narrow(2, size - kept, kept);
            Tensor directions = byChannels ? leading : TensorForms.UnitLength(channels.Detach().Bmm(leading), 1);
            Tensor choice = Choice(directions, targets);
            start = leading.Bmm(choice);
            value = eigenvalues.Narrow(1, size - kept, kept).Unsqueeze(1).Bmm(choice.Abs());
        }

        Tensor change = eigenvectors.Transpose(1, 2).Bmm((gram - gram.Detach()).Bmm(start)) * Inverse(value, eigenvalues);
        Tensor found = start + eigenvectors.Bmm(change);
        return byChannels ? found : TensorForms.UnitLength(channels.Bmm(found), 1);
    }

    // Leading values and vectors of matrices given as [b, C, H·W].
    private static Tensor[] Decomposed(Tensor channels, int count)
    {
        long rows = channels.Size(2), columns = channels.Size(1);
        long wanted = Math.Min(count, Math.Min(rows, columns));

        // LAPACK starts very oblong matrices with a QR decomposition; the large left factor it then makes is not needed here.
        if (rows >= 2 * columns)
        {
            (_, Tensor triangle) = Operators.LinalgQr(channels.Transpose(1, 2), "r");
            (_, Tensor s, Tensor v) = triangle.Svd();
            return [s.Narrow(1, 0, wanted), v.Narrow(2, 0, wanted)];
        }

        if (columns >= 2 * rows)
        {
            (_, Tensor triangle) = Operators.LinalgQr(channels, "r");
            (Tensor u, Tensor s, _) = triangle.Transpose(1, 2).Svd();
            return [s.Narrow(1, 0, wanted), TensorForms.UnitLength(channels.Bmm(u.Narrow(2, 0, wanted)), 1)];
        }

        (_, Tensor values, Tensor vectors) = channels.Transpose(1, 2).Svd();
        return [values.Narrow(1, 0, wanted), vectors.Narrow(2, 0, wanted)];
    }

    // A decomposition of matrices [B, ...], a slice of the batch at a time, slices side by side. Nothing is recorded.
    private static Tensor[] InSlices(Tensor matrices, Func<Tensor, Tensor[]> decompose)
    {
        long batch = matrices.Size(0);
        int threads = matrices.Device.IsCuda ? 1 : (int)Math.Min(TorchRuntime.Threads, batch / LeastSlice);
        if (threads < 2)
        {
            return decompose(matrices);
        }

        // More slices than threads, so that one that is held up does not hold up all.
        int count = (int)Math.Min(batch / LeastSlice, threads * 4);
        var slices = new Tensor[count][];
        try
        {
            SideThreads.Run(count, threads, i =>
            {
                using GradModeScope noGrad = Autograd.NoGrad();
                using var scope = new TensorScope();
                long start = batch * i / count, end = batch * (i + 1) / count;
                slices[i] = Array.ConvertAll(decompose(matrices.Narrow(0, start, end - start)), part => part.Unscoped());
            });
            return [.. slices[0].Select((_, part) => Operators.Cat([.. slices.Select(s => s[part])]))];
        }
        finally
        {
            Array.ForEach(slices, slice => Array.ForEach(slice ?? [], part => part.Dispose()));
        }
    }

    private static Tensor[] Pair((Tensor First, Tensor Second) tensors) => [tensors.First, tensors.Second];

    // [B, n, k]: in each column the sign of the cosine at the nearest direction, 0 elsewhere.
    private static Tensor Choice(Tensor directions, Tensor targets)
    {
        Tensor cosines = directions.Transpose(1, 2).Bmm(targets);
        Tensor sizes = cosines.Abs();
        return cosines.Sign() * sizes.Eq(sizes.Amax([1], keepdim: true)).To(cosines.DType);
    }

    // [B, n, k]: 1/(λ - μ) for every eigenvalue μ and chosen λ; 0 where they coincide to rounding.
    private static Tensor Inverse(Tensor chosen, Tensor eigenvalues)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        Tensor gaps = chosen - eigenvalues.Unsqueeze(2);
        double rounding = eigenvalues.DType == DType.Float64 ? 1e-14 : 1e-6;
        Tensor least = eigenvalues.Amax([1], keepdim: true).Unsqueeze(2) * rounding;
        return gaps.Reciprocal().MaskedFill(gaps.Abs().Le(least), 0.0);
    }
}
