namespace DistillSharp.Statistics;

/// <summary>The units of findings that are more than a word behind a number: shares and differences of shares, both shown times 100.</summary>
public static class FindingUnit
{
    /// <summary>A level is a share of 0 to 1, shown as per cent; changes of it are in points.</summary>
    public const string Share = "share";

    /// <summary>A level is a difference of two shares itself, -1 to 1, such as a gap between groups; levels and changes are in points.</summary>
    public const string Points = "points";

    /// <summary>True for shares and differences of shares.</summary>
    /// <param name="unit">A finding's unit.</param>
    public static bool IsOfShares(string unit) => unit is Share or Points;

    /// <summary>What numbers of the unit are multiplied with to be shown: 100 or 1.</summary>
    /// <param name="unit">A finding's unit.</param>
    public static double Scale(string unit) => IsOfShares(unit) ? 100 : 1;

    /// <summary>What follows a level that is shown: <c>%</c>, <c>points</c>, <c>nats</c>; empty for plain numbers.</summary>
    /// <param name="unit">A finding's unit.</param>
    public static string OfLevels(string unit) => unit == Share ? "%" : unit;

    /// <summary>What follows a change that is shown: <c>points</c>, <c>nats</c>; empty for plain numbers.</summary>
    /// <param name="unit">A finding's unit.</param>
    public static string OfChanges(string unit) => IsOfShares(unit) ? Points : unit;
}
