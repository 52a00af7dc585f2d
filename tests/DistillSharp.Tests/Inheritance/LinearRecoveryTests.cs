using DistillSharp.Inheritance;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>Section 6 of Ojha et al. 2023: what a linear student that matches logits must, and what it need not, have of its teacher.</summary>
public sealed class LinearRecoveryTests
{
    private const int Features = 6;
    private const int Classes = 3;
    private const double Tolerance = 1e-9;

    public LinearRecoveryTests() => TorchRuntime.EnsureStarted();

    [Theory]
    [InlineData(Features + 1)]
    [InlineData(20)]
    public void Should_Recover_The_Teacher_From_Points_That_Span(int points)
    {
        using var scope = new TensorScope();
        (Tensor weight, Tensor bias) = Teacher();
        Tensor inputs = Noise(3, points, Features);

        LinearFit student = LinearRecovery.Fit(inputs, inputs.Mm(weight.T()) + bias);

        Assert.True(student.IsUnique);
        Assert.Equal(Features + 1, student.Rank);
        Assert.InRange(Distance(student.Weight, weight), 0, Tolerance);
        Assert.InRange(Distance(student.Bias, bias), 0, Tolerance);
    }

    [Fact]
    public void Should_Fail_With_One_Point_Too_Few_Though_All_Logits_Match()
    {
        using var scope = new TensorScope();
        (Tensor weight, Tensor bias) = Teacher();
        Tensor inputs = Noise(3, Features, Features), logits = inputs.Mm(weight.T()) + bias;

        LinearFit student = LinearRecovery.Fit(inputs, logits);

        Assert.False(student.IsUnique);
        Assert.Equal(Features, student.Rank);
        Assert.InRange(Distance(inputs.Mm(student.Weight.T()) + student.Bias, logits), 0, Tolerance);
        Assert.True(Distance(student.Weight, weight) > 0.01);
    }

    [Fact]
    public void Should_Fail_Where_Many_Points_Show_Few_Directions_And_Only_In_The_Others()
    {
        using var scope = new TensorScope();
        (Tensor weight, Tensor bias) = Teacher();
        Tensor grey = Noise(3, 50, Features / 3), inputs = Operators.Cat([grey, grey, grey], 1); // grey pictures as colour pictures
        Tensor unseen = Noise(4, 50, Features), moreGrey = Noise(5, 9, Features / 3).Repeat([1, 3]);

        LinearFit student = LinearRecovery.Fit(inputs, inputs.Mm(weight.T()) + bias);

        Assert.False(student.IsUnique);
        Assert.Equal((Features / 3) + 1, student.Rank);
        Assert.InRange(Distance(moreGrey.Mm(student.Weight.T()) + student.Bias, moreGrey.Mm(weight.T()) + bias), 0, Tolerance);
        Assert.True(Distance(unseen.Mm(student.Weight.T()) + student.Bias, unseen.Mm(weight.T()) + bias) > 0.1);
    }

    [Fact]
    public void Should_Refuse_Logits_Of_Other_Inputs()
    {
        using var scope = new TensorScope();

        Assert.Throws<ArgumentException>(() => LinearRecovery.Fit(Noise(1, 4, 2), Noise(2, 5, 2)));
    }

    private static (Tensor Weight, Tensor Bias) Teacher() => (Noise(1, Classes, Features), Noise(2, Classes));

    private static double Distance(Tensor a, Tensor b) => (a - b).Abs().Max().Item();

    private static Tensor Noise(ulong seed, params long[] shape)
    {
        using var generator = new Generator(seed);
        return Operators.Empty(shape, DType.Float64).NormalInPlace(0, 1, generator);
    }
}
