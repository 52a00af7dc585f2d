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

    /// <summary>
    /// True where the verdict rests on fewer than three seeds. The other-teacher control counts only where the verdict needs it.
    /// </summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="effect">The effect; NaN in its values marks a seed without a value.</param>
    /// <param name="ownMinusOther">The other-teacher control, or null.</param>
    public static bool IsPreliminary(Verdict verdict, Estimate effect, Estimate? ownMinusOther)
    {
        if (verdict == Verdict.NotApplicable)
        {
            return false;
        }

        var restsOnControl = verdict is Verdict.Inherited or Verdict.Regularised && ownMinusOther is not null;
        return MeasuredSeeds(effect) < MinimumSeeds || (restsOnControl && MeasuredSeeds(ownMinusOther!) < MinimumSeeds);
    }

    /// <summary>
    /// True where independent students differ from each other by more than chance: the interval of the null leaves out 0.
    /// One pair cannot show that, since its interval knows nothing of the spread between seeds.
    /// </summary>
    /// <param name="nullEffect">The effect of independent students against each other, one value a pair.</param>
    public static bool NullLeavesOutZero(Estimate nullEffect) =>
        MeasuredSeeds(nullEffect) > 1 && (nullEffect.Low > 0 || nullEffect.High < 0);

    /// <summary>True where independent students differ from each other, on average, by as much as the effect that is claimed.</summary>
    /// <param name="verdict">The verdict; only one that claims an effect can fail this control.</param>
    /// <param name="effect">The effect.</param>
    /// <param name="nullEffect">The effect of independent students against each other.</param>
    public static bool NullIsAsLarge(Verdict verdict, Estimate effect, Estimate nullEffect) =>
        verdict is Verdict.Inherited or Verdict.Regularised or Verdict.Reversed && Math.Abs(nullEffect.Mean) >= Math.Abs(effect.Mean);

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
