using System.Globalization;

namespace DistillSharp.Statistics;

/// <summary>Prints levels and changes in a finding's unit: shares as per cent and points, all else as it is.</summary>
internal sealed class UnitFormat(string unit)
{
    private const int MostDecimals = 6;

    private readonly bool _isOfShares = FindingUnit.IsOfShares(unit);

    /// <summary>A level with its unit: "91.2 %", "25.8 points", "0.352 nats".</summary>
    public string Level(double value)
    {
        var scaled = Scale(value);
        return Fixed(scaled, Decimals(scaled)) + Suffix(FindingUnit.OfLevels(unit));
    }

    /// <summary>A signed difference with its unit: "+2.2 points", "-0.142 nats".</summary>
    public string Change(double value) => SignedNumber(value) + Suffix(FindingUnit.OfChanges(unit));

    /// <summary>A signed difference without its unit: "+0.4".</summary>
    public string SignedNumber(double value)
    {
        var scaled = Scale(value);
        return (scaled > 0 ? "+" : "") + Fixed(scaled, Decimals(scaled));
    }

    /// <summary>The ends of an interval: "1.5 to 2.9".</summary>
    public string Interval(double low, double high)
    {
        double scaledLow = Scale(low), scaledHigh = Scale(high);

        // Enough decimals that neither end prints as 0 when it is not: a verdict turns on the sign.
        var decimals = Math.Max(Decimals(scaledLow), Decimals(scaledHigh));
        return Fixed(scaledLow, decimals) + " to " + Fixed(scaledHigh, decimals);
    }

    private static string Suffix(string unit) => unit.Length == 0 ? "" : " " + unit;

    private static string Fixed(double value, int decimals)
    {
        var text = value.ToString("F" + decimals, CultureInfo.InvariantCulture);
        return double.Parse(text, CultureInfo.InvariantCulture) == 0 ? text.TrimStart('-') : text;
    }

    private double Scale(double value) => _isOfShares ? 100 * value : value;

    /// <summary>Shares start at one decimal, others at three; tiny values get as many as show them.</summary>
    private int Decimals(double value)
    {
        var decimals = _isOfShares ? 1 : 3;
        while (decimals < MostDecimals && Math.Abs(value) > 1e-12 && Math.Round(value, decimals) == 0)
        {
            decimals++;
        }

        return decimals;
    }
}
