using DistillSharp.Torch;

namespace DistillSharp.Tests;

/// <summary>Comparisons that tolerate rounding.</summary>
internal static class Closeness
{
    /// <summary>How far results of a type may lie from float64 references, relative to the largest reference.</summary>
    public static double Tolerance(DType dtype) => dtype == DType.Float64 ? 1e-9 : 1e-4;

    /// <summary>Equal shapes, and every element within <paramref name="relative"/> times the largest expected size.</summary>
    public static void AssertClose(Tensor expected, Tensor actual, double relative)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double[] e = expected.ToArray<double>();
        double[] a = actual.ToArray<double>();
        double allowed = relative * e.Max(Math.Abs);
        for (int i = 0; i < e.Length; i++)
        {
            Assert.True(Math.Abs(e[i] - a[i]) <= allowed, $"Element {i}: expected {e[i]:R}, found {a[i]:R}, allowed difference {allowed:R}.");
        }
    }

    /// <summary>Within <paramref name="relative"/> times the expected number's size.</summary>
    public static void AssertClose(double expected, double actual, double relative) =>
        Assert.True(Math.Abs(expected - actual) <= relative * Math.Abs(expected), $"Expected {expected:R}, found {actual:R}.");

    /// <summary>
    /// The gradient that autograd gives for a Float64 leaf equals central differences of the loss.
    /// </summary>
    public static void AssertGradientMatchesDifferences(Func<Tensor, Tensor> loss, Tensor input, double relative = 1e-6)
    {
        Tensor leaf = input.Detach().Clone();
        leaf.RequiresGrad = true;
        Tensor gradient = Autograd.Gradients(loss(leaf), [leaf])[0];
        double[] values = input.ToArray<double>();
        var differences = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            differences[i] = (At(i, 1e-5) - At(i, -1e-5)) / 2e-5;
        }

        AssertClose(Tensor.From(differences, input.Shape), gradient, relative);

        double At(int position, double change)
        {
            using var scope = new TensorScope();
            var moved = (double[])values.Clone();
            moved[position] += change;
            return loss(Tensor.From(moved, input.Shape)).Item();
        }
    }
}
