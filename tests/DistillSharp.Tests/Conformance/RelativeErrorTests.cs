using DistillSharp.Conformance;

namespace DistillSharp.Tests.Conformance;

public class RelativeErrorTests
{
    [Fact]
    public void Should_divide_by_the_largest_stated_size()
    {
        Assert.Equal(0.5, RelativeError.Of([1, -4], [3, -4], out int worst));
        Assert.Equal(0, worst);
    }

    [Fact]
    public void Should_divide_by_no_less_than_the_floor() =>
        Assert.Equal(1e-9, RelativeError.Of([0, 0], [0, 1e-15], out _), 1e-15);

    [Fact]
    public void Should_stand_the_largest_numbers()
    {
        Assert.Equal(0, RelativeError.Of([1e308, -1e308], [1e308, -1e308], out _));
        Assert.Equal(2, RelativeError.Of([1e308], [-1e308], out _));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Should_be_infinite_for_what_is_not_finite(double value)
    {
        Assert.Equal(double.PositiveInfinity, RelativeError.Of([1, 2, 3], [1, value, 3], out int worst));
        Assert.Equal(1, worst);
    }

    [Fact]
    public void Should_be_zero_for_nothing() => Assert.Equal(0, RelativeError.Of([], [], out _));
}
