using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Linear centred kernel alignment from batches (Nguyen, Raghu, Kornblith 2021, eq. 2): the three HSIC values are averaged over batches before the
/// ratio is taken. Rows are examples, never places of a map. A representation enters as its Gram matrices, Float64 <c>[batches, layers, n, n]</c>,
/// of features whose mean over the batch was taken off (<see cref="Gram"/>), so wide layers cost no more than narrow ones.
/// </summary>
public static class MinibatchCka
{
    /// <summary>The matrix of inner products <c>[n, n]</c>, Float64 on the CPU, of the centred features of one batch.</summary>
    /// <param name="features">Features <c>[n, ...]</c> of the n examples of a batch; what is behind the first dimension is one long row.</param>
    public static Tensor Gram(Tensor features)
    {
        using var scope = new TensorScope();
        Tensor rows = features.Detach().Reshape([features.Size(0), -1]).To(DType.Float64);
        rows -= rows.Mean(0, keepdim: true);
        return scope.Keep(rows.Mm(rows.T()).To(Device.Cpu));
    }

    /// <summary>
    /// HSIC of every layer of one representation with every layer of another, of each batch: Float64 <c>[batches, layers x, layers y]</c>.
    /// </summary>
    /// <param name="x">Gram matrices <c>[batches, layers x, n, n]</c>.</param>
    /// <param name="y">Gram matrices <c>[batches, layers y, n, n]</c> of the same examples.</param>
    /// <param name="unbiased">True for the estimate of Song et al. 2012, eq. 5, which needs n of 4 or more; false for the plain one, which is high for few examples of many features.</param>
    /// <exception cref="ArgumentException">Batches do not fit together, or are too small.</exception>
    public static Tensor Hsic(Tensor x, Tensor y, bool unbiased)
    {
        double n = x.Size(3);
        int least = unbiased ? 4 : 2;
        if (x.Size(0) != y.Size(0) || x.Size(3) != y.Size(3) || n < least)
        {
            throw new ArgumentException($"Gram matrices [batches, layers, n, n] of the same batches of {least} or more examples were expected, found {x} and {y}.", nameof(y));
        }

        using var scope = new TensorScope();
        if (!unbiased)
        {
            // The features are centred, so the matrices are: no centring matrix is needed.
            return scope.Keep(Products(x.Flatten(2), y.Flatten(2)) / ((n - 1) * (n - 1)));
        }

        Tensor a = WithoutDiagonal(x), b = WithoutDiagonal(y);
        Tensor rowsA = a.Sum(3), rowsB = b.Sum(3);
        Tensor totals = Products(rowsA.Sum(2, keepdim: true), rowsB.Sum(2, keepdim: true)) / ((n - 1) * (n - 2));
        return scope.Keep((Products(a.Flatten(2), b.Flatten(2)) + totals - (Products(rowsA, rowsB) * (2 / (n - 2)))) / (n * (n - 3)));
    }

    /// <summary>HSIC of every layer with itself, of each batch: Float64 <c>[batches, layers]</c>. 0 for a layer that gives the same for all examples.</summary>
    /// <inheritdoc cref="Hsic"/>
    public static Tensor OwnHsic(Tensor x, bool unbiased)
    {
        using var scope = new TensorScope();
        return scope.Keep(Hsic(x, x, unbiased).Diagonal(0, 1, 2).Contiguous());
    }

    /// <summary>
    /// One CKA from the HSIC values of its batches, and what each batch says of it: values whose mean is the CKA and whose spread over batches is
    /// that of the CKA, to first order (its influence function at each batch). Intervals are drawn over them as over any other scores.
    /// </summary>
    /// <param name="xy">HSIC of the two layers, a value a batch. Batches with a value that is not finite are left out: NaN in the result.</param>
    /// <param name="xx">HSIC of the first layer with itself.</param>
    /// <param name="yy">HSIC of the second layer with itself.</param>
    /// <returns>NaN, and NaN throughout, where a layer gives the same for all examples.</returns>
    public static (double Cka, double[] Batches) Combine(ReadOnlySpan<double> xy, ReadOnlySpan<double> xx, ReadOnlySpan<double> yy)
    {
        double meanXy = 0, meanXx = 0, meanYy = 0;
        int used = 0;
        for (int i = 0; i < xy.Length; i++)
        {
            if (double.IsFinite(xy[i] + xx[i] + yy[i]))
            {
                meanXy += xy[i];
                meanXx += xx[i];
                meanYy += yy[i];
                used++;
            }
        }

        var batches = new double[xy.Length];
        Array.Fill(batches, double.NaN);
        if (used == 0 || !(meanXx > 0) || !(meanYy > 0))
        {
            return (double.NaN, batches);
        }

        (meanXy, meanXx, meanYy) = (meanXy / used, meanXx / used, meanYy / used);
        double norm = Math.Sqrt(meanXx * meanYy), cka = meanXy / norm;
        for (int i = 0; i < batches.Length; i++)
        {
            double influence = ((xy[i] - meanXy) / norm) - (cka / 2 * ((xx[i] / meanXx) + (yy[i] / meanYy) - 2));
            batches[i] = double.IsFinite(influence) ? cka + influence : double.NaN;
        }

        return (cka, batches);
    }

    /// <summary>Inner products of rows: <c>[batches, a, f]</c> and <c>[batches, b, f]</c> to <c>[batches, a, b]</c>.</summary>
    private static Tensor Products(Tensor a, Tensor b) => a.Bmm(b.Transpose(1, 2));

    private static Tensor WithoutDiagonal(Tensor grams)
    {
        using var scope = new TensorScope();
        return scope.Keep(grams * (1.0 - Operators.Eye(grams.Size(3), DType.Float64)));
    }
}
