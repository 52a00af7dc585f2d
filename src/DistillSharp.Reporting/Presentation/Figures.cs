using System.Globalization;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Presentation;

/// <summary>
/// Numbers as people read them: shares as per cent with one decimal, effects on shares in signed percentage points,
/// nats and other units with three decimals, and a dash where there is no number.
/// </summary>
internal static class Figures
{
    public const string Missing = "–";

    private const char Minus = '\u2212';
    private const char NoBreakSpace = '\u00A0';

    /// <summary>A level in its table cell: <c>83.4 %</c>, <c>0.123</c>.</summary>
    public static string Level(double? value, string unit) => FindingUnit.IsOfShares(unit)
        ? WithSuffix(Number(value * 100, "0.0"), FindingUnit.OfLevels(unit))
        : Number(value, "0.000");

    /// <summary>A level where no table names the unit: <c>83.4 %</c>, <c>0.123 nats</c>.</summary>
    public static string LevelWithUnit(double? value, string unit) =>
        FindingUnit.IsOfShares(unit) ? Level(value, unit) : WithSuffix(Level(value, unit), unit);

    /// <summary>An effect in its table cell: <c>+2.1</c> (points), <c>−0.023</c>.</summary>
    public static string Effect(double? value, string unit) => FindingUnit.IsOfShares(unit)
        ? Number(value * 100, "+0.0;-0.0;0.0")
        : Number(value, "+0.000;-0.000;0.000");

    /// <summary>An effect with its unit and interval: <c>+2.1 points [+0.4, +3.8]</c>.</summary>
    public static string EffectWithInterval(Estimate? effect, string unit)
    {
        if (effect is null || double.IsNaN(effect.Mean))
        {
            return Missing;
        }

        var mean = WithSuffix(Effect(effect.Mean, unit), FindingUnit.OfChanges(unit));
        var interval = EffectInterval(effect, unit);
        return interval == Missing ? mean : $"{mean} {interval}";
    }

    /// <summary>The interval of a level: <c>[81.0, 85.2]</c>.</summary>
    public static string LevelInterval(Estimate? level, string unit) => Interval(
        level,
        value => FindingUnit.IsOfShares(unit) ? Number(value * 100, "0.0") : Number(value, "0.000"));

    /// <summary>The interval of an effect: <c>[+0.4, +3.8]</c>.</summary>
    public static string EffectInterval(Estimate? effect, string unit) => Interval(effect, value => Effect(value, unit));

    public static string Nats(double value) => Number(value, "0.000");

    public static string Count(double value) => Number(value, Math.Abs(value % 1) > 0 ? "#,0.0" : "#,0");

    public static string Seeds(IReadOnlyList<int> seeds) =>
        seeds.Count == 0 ? Missing : string.Join(", ", seeds.Select(seed => seed.ToString(CultureInfo.InvariantCulture)));

    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            return Missing;
        }

        if (seconds < 60)
        {
            return WithSuffix(Number(seconds, seconds < 10 ? "0.0" : "0"), "s");
        }

        var whole = (long)Math.Round(seconds);
        return whole < 3600
            ? $"{whole / 60}{NoBreakSpace}min{NoBreakSpace}{whole % 60:00}{NoBreakSpace}s"
            : $"{whole / 3600}{NoBreakSpace}h{NoBreakSpace}{whole % 3600 / 60:00}{NoBreakSpace}min";
    }

    private static string Interval(Estimate? estimate, Func<double, string> format) =>
        estimate is null || double.IsNaN(estimate.Low) || double.IsNaN(estimate.High)
            ? Missing
            : $"[{format(estimate.Low)}, {format(estimate.High)}]";

    private static string Number(double? value, string format) => value is { } number && double.IsFinite(number)
        ? number.ToString(format, CultureInfo.InvariantCulture).Replace('-', Minus)
        : Missing;

    private static string WithSuffix(string number, string suffix) =>
        number == Missing ? Missing : $"{number}{NoBreakSpace}{suffix}";
}
