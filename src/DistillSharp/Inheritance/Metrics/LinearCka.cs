using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Linear centred kernel alignment of two representations (Kornblith et al. 2019): 1 where one is a rotation and scaling of the other.
/// Rows are examples: features of shape <c>[N, C, H, W]</c> are flattened to <c>[N, C*H*W]</c>, never to <c>[C, H*W]</c>.
/// </summary>
public static class LinearCka
{
    /// <summary>The plain (biased) estimate, 0 to 1: high for few examples of many features.</summary>
    /// <param name="x">Features <c>[N, ...]</c>.</param>
    /// <param name="y">Features <c>[N, ...]</c> of the same examples, possibly of another size.</param>
    /// <exception cref="ArgumentException">The numbers of examples differ.</exception>
    public static double Biased(Tensor x, Tensor y)
    {
        using var scope = new TensorScope();
        (Tensor a, Tensor b) = Centre(x, y, least: 2);
        return SquaredNorm(a, b) / Math.Sqrt(SquaredNorm(a, a) * SquaredNorm(b, b));
    }

    /// <summary>The estimate through the unbiased HSIC (Song et al. 2012, eq. 5; Nguyen et al. 2021, eq. 3); about 0, possibly below, for unrelated features.</summary>
    /// <inheritdoc cref="Biased"/>
    public static double Unbiased(Tensor x, Tensor y)
    {
        using var scope = new TensorScope();
        (Tensor a, Tensor b) = Centre(x, y, least: 4);
        return Hsic(a, b) / Math.Sqrt(Hsic(a, a) * Hsic(b, b));
    }

    /// <summary>n(n-3) times the unbiased HSIC. All sums are over features, so no matrix of examples by examples is made.</summary>
    private static double Hsic(Tensor x, Tensor y)
    {
        double n = x.Size(0);
        (Tensor diagonalX, Tensor rowsX) = WithoutDiagonal(x);
        (Tensor diagonalY, Tensor rowsY) = WithoutDiagonal(y);
        double trace = SquaredNorm(x, y) - (diagonalX * diagonalY).Sum().Item();
        double sums = rowsX.Sum().Item() * rowsY.Sum().Item() / ((n - 1) * (n - 2));
        return trace + sums - (2 / (n - 2) * (rowsX * rowsY).Sum().Item());
    }

    /// <summary>Of the matrix x xᵀ: its diagonal, and the sum of each row without it.</summary>
    private static (Tensor Diagonal, Tensor Rows) WithoutDiagonal(Tensor x)
    {
        Tensor diagonal = x.Square().Sum(1);
        return (diagonal, x.Matmul(x.Sum([0L])) - diagonal);
    }

    private static double SquaredNorm(Tensor x, Tensor y) => x.T().Mm(y).Square().Sum().Item();

    private static (Tensor X, Tensor Y) Centre(Tensor x, Tensor y, int least)
    {
        if (x.Size(0) != y.Size(0) || x.Size(0) < least)
        {
            throw new ArgumentException($"Features of the same {least} or more examples were expected, found {x} and {y}.", nameof(y));
        }

        return (Centre(x), Centre(y));
    }

    private static Tensor Centre(Tensor features)
    {
        Tensor rows = features.Detach().To(DType.Float64, Device.Cpu).Reshape([features.Size(0), -1]);
        return rows - rows.Mean(0, keepdim: true);
    }
}
