using DistillSharp.Statistics;

namespace DistillSharp.Tests.Statistics;

public sealed class UnitFormatTests
{
    [Fact]
    public void Should_Print_Shares_As_Per_Cent_And_Points()
    {
        var format = new UnitFormat("share");

        Assert.Equal("91.2 %", format.Level(0.9124));
        Assert.Equal("+2.2 points", format.Change(0.022));
        Assert.Equal("-2.2 points", format.Change(-0.022));
        Assert.Equal("1.5 to 2.9", format.Interval(0.015, 0.029));
    }

    [Fact]
    public void Should_Print_Differences_Of_Shares_In_Points()
    {
        var format = new UnitFormat(FindingUnit.Points);

        Assert.Equal("25.8 points", format.Level(0.2583));
        Assert.Equal("-2.1 points", format.Level(-0.0213));
        Assert.Equal("+28.0 points", format.Change(0.2796));
        Assert.Equal("-5.1 to -1.2", format.Interval(-0.051, -0.012));
    }

    [Fact]
    public void Should_Print_Other_Units_Plainly()
    {
        Assert.Equal("0.352 nats", new UnitFormat("nats").Level(0.3521));
        Assert.Equal("+0.142 nats", new UnitFormat("nats").Change(0.1421));
        Assert.Equal("0.500", new UnitFormat("").Level(0.5));
    }

    [Fact]
    public void Should_Not_Print_A_Small_Number_As_Zero()
    {
        var format = new UnitFormat("share");

        Assert.Equal("0.02 to 1.50", format.Interval(0.0002, 0.015));
        Assert.Equal("0.0 to 1.5", format.Interval(0, 0.015));
        Assert.Equal("+0.03", format.SignedNumber(0.0003));
    }
}
