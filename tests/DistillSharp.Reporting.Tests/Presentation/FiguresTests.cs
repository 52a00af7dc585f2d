using DistillSharp.Reporting.Presentation;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Tests.Presentation;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.8344, "share", "83.4 %")]
    [InlineData(1.0, "share", "100.0 %")]
    [InlineData(0.258, "points", "25.8 points")]
    [InlineData(-0.021, "points", "−2.1 points")]
    [InlineData(0.1234, "nats", "0.123")]
    [InlineData(-1.5, "nats", "−1.500")]
    [InlineData(double.NaN, "share", "–")]
    [InlineData(double.PositiveInfinity, "nats", "–")]
    public void Should_show_levels(double value, string unit, string expected) =>
        Assert.Equal(expected.Replace(' ', '\u00A0'), Figures.Level(value, unit));

    [Theory]
    [InlineData(0.0213, "share", "+2.1")]
    [InlineData(-0.0213, "share", "−2.1")]
    [InlineData(-0.0001, "share", "0.0")]
    [InlineData(0.0213, "points", "+2.1")]
    [InlineData(0.0234, "nats", "+0.023")]
    [InlineData(double.NaN, "nats", "–")]
    public void Should_show_effects_with_their_sign(double value, string unit, string expected) =>
        Assert.Equal(expected, Figures.Effect(value, unit));

    [Fact]
    public void Should_show_a_dash_where_nothing_was_measured()
    {
        var nothing = new Estimate(double.NaN, double.NaN, double.NaN, []);

        Assert.Equal("–", Figures.Level(null, "share"));
        Assert.Equal("–", Figures.EffectWithInterval(null, "share"));
        Assert.Equal("–", Figures.EffectWithInterval(nothing, "share"));
        Assert.Equal("–", Figures.LevelInterval(nothing, "share"));
    }

    [Theory]
    [InlineData(3.24, "3.2 s")]
    [InlineData(42.4, "42 s")]
    [InlineData(192, "3 min 12 s")]
    [InlineData(3_899.6, "1 h 05 min")]
    [InlineData(double.NaN, "–")]
    public void Should_show_durations(double seconds, string expected) =>
        Assert.Equal(expected.Replace(' ', '\u00A0'), Figures.Duration(seconds));

    [Theory]
    [InlineData(10_000, "10,000")]
    [InlineData(1_987.66, "1,987.7")]
    [InlineData(0, "0")]
    public void Should_show_counts(double count, string expected) => Assert.Equal(expected, Figures.Count(count));
}
