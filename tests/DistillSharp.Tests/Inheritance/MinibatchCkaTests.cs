using DistillSharp.Inheritance;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

public sealed class MinibatchCkaTests
{
    public MinibatchCkaTests() => TorchRuntime.EnsureStarted();

    [Fact]
    public void Should_Be_The_Plain_And_The_Unbiased_Cka_Of_Features_Where_There_Is_One_Batch()
    {
        using var scope = new TensorScope();
        Tensor x = Noise(1, 12, 2, 3, 3), y = Noise(2, 12, 7) + Noise(1, 12, 2, 3, 3).Flatten(1).Narrow(1, 0, 7);

        Assert.Equal(LinearCka.Unbiased(x, y), Cka([x], [y], unbiased: true).Cka, 1e-12);
        Assert.Equal(LinearCka.Biased(x, y), Cka([x], [y], unbiased: false).Cka, 1e-12);
    }

    [Fact]
    public void Should_Be_One_For_A_Rotated_Scaled_And_Shifted_Copy_And_About_Zero_For_Unrelated_Features()
    {
        using var scope = new TensorScope();
        Tensor[] x = [.. Enumerable.Range(0, 40).Select(i => Noise((ulong)(10 + i), 20, 5))];
        Tensor rotation = Operators.LinalgQr(Noise(3, 5, 5)).Item1;
        Tensor[] copy = [.. x.Select(b => (b.Mm(rotation) * 3.0) + 100.0)];
        Tensor[] unrelated = [.. Enumerable.Range(0, 40).Select(i => Noise((ulong)(100 + i), 20, 50))];

        Assert.Equal(1, Cka(x, copy, unbiased: true).Cka, 1e-9);
        Assert.InRange(Cka(x, unrelated, unbiased: true).Cka, -0.03, 0.03);
        Assert.True(Cka(x, unrelated, unbiased: false).Cka > 0.3, "The plain estimate should be high for few examples of many features.");
    }

    [Fact]
    public void Should_Average_Hsic_Before_It_Takes_The_Ratio()
    {
        (double cka, double[] batches) = MinibatchCka.Combine([1, 3], [2, 2], [1, 7]);

        // Means 2, 2, 4: 2 / sqrt(8). By hand: influence of the first batch (1-2)/sqrt(8) - cka/2 (1 + 1/4 - 2).
        double expected = 2 / Math.Sqrt(8);
        Assert.Equal(expected, cka, 1e-12);
        Assert.Equal(expected - (1 / Math.Sqrt(8)) + (expected / 2 * 0.75), batches[0], 1e-12);
        Assert.Equal(cka, batches.Average(), 1e-12);
    }

    [Fact]
    public void Should_Say_With_Its_Batches_How_The_Cka_Changes_When_One_Of_Them_Goes()
    {
        double[] xy = [.. Enumerable.Range(0, 50).Select(i => 1 + (0.1 * Math.Sin(i)))];
        double[] xx = [.. Enumerable.Range(0, 50).Select(i => 2 + (0.2 * Math.Cos(2 * i)))];
        double[] yy = [.. Enumerable.Range(0, 50).Select(i => 3 + (0.3 * Math.Sin(3 * i)))];
        (double cka, double[] batches) = MinibatchCka.Combine(xy, xx, yy);

        // The jackknife's pseudo-values are the exact ones; to first order they are the same.
        for (int i = 0; i < 50; i++)
        {
            double without = MinibatchCka.Combine([.. xy.Where((_, j) => j != i)], [.. xx.Where((_, j) => j != i)], [.. yy.Where((_, j) => j != i)]).Cka;
            Assert.Equal((50 * cka) - (49 * without), batches[i], 0.002);
        }
    }

    [Fact]
    public void Should_Have_No_Value_For_A_Layer_That_Gives_The_Same_For_All_And_Leave_Out_Batches_That_Are_Not_Finite()
    {
        (double none, double[] batches) = MinibatchCka.Combine([0, 0], [0, 0], [1, 2]);
        (double some, double[] left) = MinibatchCka.Combine([1, double.NaN, 1], [2, 2, 2], [2, 2, 2]);

        Assert.True(double.IsNaN(none) && batches.All(double.IsNaN));
        Assert.Equal(0.5, some, 1e-12);
        Assert.Equal([0.5, double.NaN, 0.5], left);
    }

    [Fact]
    public void Should_Find_The_Neighbours_That_Two_Representations_Share()
    {
        using var scope = new TensorScope();
        Tensor angles = Tensor.From<double>([0, 0.1, 0.3, 2, 2.2, 2.6]);
        Tensor plane = Operators.Stack([angles.Cos(), angles.Sin()], 1);
        Tensor lengths = Tensor.From<double>([1, 5, 2, 9, 1, 3], 6, 1);

        int[]?[] found = MutualNeighbours.Find(plane, 2);
        Assert.Equal([1, 2], found[0]!.Order());
        Assert.Equal([0, 2], found[1]!.Order());
        Assert.Equal([4, 5], found[3]!.Order());
        Assert.All(MutualNeighbours.Shared(found, MutualNeighbours.Find(plane * lengths, 2)), s => Assert.Equal(1, s));
        Assert.Equal(0.5, MutualNeighbours.Shared([[1, 2]], [[2, 3]])[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => MutualNeighbours.Find(plane, 6));
    }

    [Fact]
    public void Should_Leave_Out_Features_Without_A_Direction()
    {
        using var scope = new TensorScope();
        Tensor features = Tensor.From<float>([1, 0, 0, 0, float.NaN, 1, 1, 1, 2, 1], 5, 2);

        int[]?[] found = MutualNeighbours.Find(features, 1);

        Assert.Null(found[1]);
        Assert.Null(found[2]);
        Assert.Equal([4], found[3]!);
        Assert.Equal([1, double.NaN, double.NaN, 1, 1], MutualNeighbours.Shared(found, found));
    }

    private static (double Cka, double[] Batches) Cka(Tensor[] x, Tensor[] y, bool unbiased)
    {
        Tensor a = Operators.Stack([.. x.Select(b => MinibatchCka.Gram(b).Unsqueeze(0))]), b = Operators.Stack([.. y.Select(c => MinibatchCka.Gram(c).Unsqueeze(0))]);
        return MinibatchCka.Combine(
            MinibatchCka.Hsic(a, b, unbiased).ToArray<double>(), MinibatchCka.OwnHsic(a, unbiased).ToArray<double>(), MinibatchCka.OwnHsic(b, unbiased).ToArray<double>());
    }

    private static Tensor Noise(ulong seed, params long[] shape)
    {
        using var generator = new Generator(seed);
        return Operators.Empty(shape, DType.Float64).NormalInPlace(0, 1, generator);
    }
}
