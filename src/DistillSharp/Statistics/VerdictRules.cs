using System.Globalization;
using DistillSharp.Studies.Results;

namespace DistillSharp.Statistics;

/// <summary>The rules from intervals to a verdict; the same for every analysis.</summary>
public static class VerdictRules
{
    /// <summary>With fewer seeds than this a verdict is preliminary.</summary>
    public const int MinimumSeeds = 3;

    /// <summary>With fewer images a seed than this no interval can be drawn.</summary>
    public const int MinimumImages = 2;

    /// <summary>With fewer images a seed than this a note warns: resampling so few images gives too narrow an interval.</summary>
    public const int FewImages = 30;

    /// <summary>With a floor this near to the ceiling (shares only) a note says that even a copy of the teacher could hardly be told.</summary>
    public const double LittleRoom = 0.02;

    /// <summary>The verdict on an effect that could be measured.</summary>
    /// <param name="effect">Student minus independent, above 0 is closer to the teacher.</param>
    /// <param name="ownMinusOther">That effect with the own teacher minus with another teacher; null without this control.</param>
    public static Verdict Judge(Estimate effect, Estimate? ownMinusOther)
    {
        if (effect.High < 0)
        {
            return Verdict.Reversed;
        }

        if (!(effect.Low > 0))
        {
            return Verdict.NotShown;
        }

        return ownMinusOther is { Low: > 0 } ? Verdict.Inherited : Verdict.Regularised;
    }

    /// <summary>Why the verdict is preliminary, one sentence a cause; empty where it is not.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="seeds">How many seeds there were to be measured.</param>
    /// <param name="effect">The effect; NaN in its values marks a seed without a value.</param>
    /// <param name="ownMinusOther">The other-teacher control, or null. It counts only where the verdict needs it.</param>
    /// <param name="nullEffect">The null control, or null. It counts only where the verdict claims something.</param>
    public static IReadOnlyList<string> WhyPreliminary(Verdict verdict, int seeds, Estimate effect, Estimate? ownMinusOther, Estimate? nullEffect)
    {
        if (verdict == Verdict.NotApplicable)
        {
            return [];
        }

        var restsOnControl = verdict is Verdict.Inherited or Verdict.Regularised && ownMinusOther is not null;
        var measured = restsOnControl ? Math.Min(MeasuredSeeds(effect), MeasuredSeeds(ownMinusOther!)) : MeasuredSeeds(effect);
        var causes = new List<string>();
        if (measured < seeds)
        {
            causes.Add(FewerSeeds(measured, seeds));
        }

        if (measured == 1)
        {
            causes.Add("Preliminary: one seed. The intervals allow for other images, not for other seeds, and are too narrow for that.");
        }
        else if (measured < MinimumSeeds)
        {
            causes.Add($"Preliminary: the verdict rests on fewer than {MinimumSeeds} seeds.");
        }

        if (Claims(verdict) && nullEffect is not null && NullLeavesOutZero(nullEffect))
        {
            causes.Add("Preliminary: the null control failed; do not rely on the verdict before this is explained.");
        }

        return causes;
    }

    /// <summary>The cause of a preliminary verdict where seeds were lost.</summary>
    /// <param name="measured">How many seeds the verdict rests on.</param>
    /// <param name="seeds">How many there were to be measured.</param>
    public static string FewerSeeds(int measured, int seeds) => string.Create(
        CultureInfo.InvariantCulture,
        $"Preliminary: the verdict rests on {measured} of {seeds} seeds. What took the others away may have chosen among students.");

    /// <summary>
    /// True where independent students differ from each other by more than chance: the interval of the null leaves out 0.
    /// One pair cannot show that, since its interval knows nothing of the spread between seeds.
    /// </summary>
    /// <param name="nullEffect">The effect of independent students against each other, one value a pair.</param>
    public static bool NullLeavesOutZero(Estimate nullEffect) =>
        MeasuredSeeds(nullEffect) > 1 && (nullEffect.Low > 0 || nullEffect.High < 0);

    /// <summary>
    /// True where independent students differ from each other, on average, by as much as the effect that is claimed. This is no failure:
    /// the null compares students across seeds and the effect within seeds, so the null varies more.
    /// </summary>
    /// <param name="verdict">The verdict; only one that claims an effect can be compared.</param>
    /// <param name="effect">The effect.</param>
    /// <param name="nullEffect">The effect of independent students against each other.</param>
    public static bool NullIsAsLarge(Verdict verdict, Estimate effect, Estimate nullEffect) =>
        Claims(verdict) && Math.Abs(nullEffect.Mean) >= Math.Abs(effect.Mean);

    /// <summary>True for a verdict that says that students differ from independent ones.</summary>
    /// <param name="verdict">The verdict.</param>
    public static bool Claims(Verdict verdict) => verdict is Verdict.Inherited or Verdict.Regularised or Verdict.Reversed;

    private static int MeasuredSeeds(Estimate estimate)
    {
        var seeds = 0;
        foreach (var value in estimate.PerSeed)
        {
            seeds += double.IsNaN(value) ? 0 : 1;
        }

        return seeds;
    }
}
