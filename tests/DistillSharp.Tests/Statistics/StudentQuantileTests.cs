using DistillSharp.Statistics;

namespace DistillSharp.Tests.Statistics;

public sealed class StudentQuantileTests
{
    /// <summary>Reference: the printed tables of Student's t.</summary>
    [Theory]
    [InlineData(1, 12.706)]
    [InlineData(2, 4.303)]
    [InlineData(3, 3.182)]
    [InlineData(9, 2.262)]
    public void Should_Match_The_Tables(int degreesOfFreedom, double expected)
    {
        Assert.Equal(expected, StudentQuantile.Of(degreesOfFreedom, 0.975), 5e-4);
        Assert.Equal(-expected, StudentQuantile.Of(degreesOfFreedom, 0.025), 5e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(30)]
    public void Should_Reach_Far_Into_The_Tail(int degreesOfFreedom) =>
        Assert.True(double.IsFinite(StudentQuantile.Of(degreesOfFreedom, 0.5 / 10_000)));
}
