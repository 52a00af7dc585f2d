using System.Text.Json.Serialization;
using DistillSharp.Studies.Results;

namespace DistillSharp.Studies;

/// <summary>The effect of one method by one measure in two studies, and how they differ.</summary>
/// <param name="Analysis">The analysis' name.</param>
/// <param name="Measure">The measure's name.</param>
/// <param name="Title">The measure for people.</param>
/// <param name="Unit"><c>share</c> (0 to 1, shown as points), <c>nats</c> or another plain unit.</param>
/// <param name="Method">The method's label, the same in both studies.</param>
/// <param name="First">The effect in the first study: student minus independent, above 0 is closer to the teacher.</param>
/// <param name="Second">The effect in the second study.</param>
/// <param name="FirstTeacher">The ceiling in the first study; null where it has no number.</param>
/// <param name="SecondTeacher">The ceiling in the second study.</param>
/// <param name="FirstIndependent">The level of independent students in the first study; null where it has no number.</param>
/// <param name="SecondIndependent">The level of independent students in the second study.</param>
/// <param name="Difference">First minus second with its 95 % interval; a value for each seed where they are paired.</param>
/// <param name="Basis">What the interval rests on.</param>
/// <param name="Seeds">The seeds that are paired; empty for independent samples.</param>
/// <param name="DegreesOfFreedom">Of the spread between seeds; NaN where there is none to judge by.</param>
/// <param name="Preliminary">True where one of the two findings is, or where there are fewer than three seeds.</param>
public sealed record EffectComparison(
    string Analysis,
    string Measure,
    string Title,
    string Unit,
    string Method,
    Estimate First,
    Estimate Second,
    double? FirstTeacher,
    double? SecondTeacher,
    double? FirstIndependent,
    double? SecondIndependent,
    Estimate Difference,
    ComparisonBasis Basis,
    IReadOnlyList<int> Seeds,
    double DegreesOfFreedom,
    bool Preliminary)
{
    /// <summary>What the studies call this analysis, where they ask for several of one kind; null where it is called by its own name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }

    /// <summary>1 where the interval lies above 0 (a larger effect in the first study), -1 where below, 0 where it contains 0 or has no ends.</summary>
    [JsonIgnore]
    public int Direction => Difference.Low > 0 ? 1 : Difference.High < 0 ? -1 : 0;
}
