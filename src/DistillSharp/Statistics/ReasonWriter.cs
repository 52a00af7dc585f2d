using DistillSharp.Studies.Results;

namespace DistillSharp.Statistics;

/// <summary>Says in a sentence or two, with numbers, why a finding has its verdict.</summary>
internal static class ReasonWriter
{
    public static string Write(
        FindingTexts texts,
        bool higherIsCloser,
        Verdict verdict,
        Estimate student,
        Estimate independent,
        Estimate effect,
        double? otherEffect,
        Estimate? ownMinusOther,
        Estimate? nullEffect)
    {
        var format = new UnitFormat(texts.Unit);
        var lead = texts.ReasonLead
            .Replace("{student}", format.Level(student.Mean), StringComparison.Ordinal)
            .Replace("{independent}", format.Level(independent.Mean), StringComparison.Ordinal);

        // With lower levels closer, the sign of the effect is opposite to what a reader computes from the levels.
        var towards = higherIsCloser ? ""
            : effect.Mean > 0 ? " towards the teacher (lower is closer)"
            : effect.Mean < 0 ? " (lower is closer; an effect below 0 is further from the teacher)"
            : " (lower is closer)";
        var sentence = $"{lead}: {format.Change(effect.Mean)}{towards} (95 % interval {format.Interval(effect.Low, effect.High)})";
        sentence += verdict switch
        {
            Verdict.NotShown when effect.Low == 0 && effect.High == 0 => "; there is no difference." + Unclaimed(format, ownMinusOther),
            Verdict.NotShown => "; the interval contains 0." + Unclaimed(format, ownMinusOther),
            Verdict.Reversed => "; the students are further from the teacher than independent students.",
            _ => OtherTeacher(format, verdict, otherEffect, ownMinusOther),
        };
        return sentence + NullControl(format, nullEffect);
    }

    private static string OtherTeacher(UnitFormat format, Verdict verdict, double? otherEffect, Estimate? ownMinusOther)
    {
        if (otherEffect is null || ownMinusOther is null)
        {
            return ". There is no other teacher to compare with, so nothing shows that this comes from this teacher.";
        }

        var difference = $"{format.Change(ownMinusOther.Mean)} ({format.Interval(ownMinusOther.Low, ownMinusOther.High)})";
        var gain = $"; with the other teacher it is {format.SignedNumber(otherEffect.Value)}";
        return verdict == Verdict.Inherited
            ? $", which is {difference.TrimStart('+')} more than with the other teacher."
            : ownMinusOther.High < 0
                ? $"{gain}: with this teacher it is not more than with the other teacher, as the interval of the difference, {difference}, lies below 0."
                : $"{gain}: the effect is not shown to be specific to this teacher, as the interval of the difference, {difference}, contains 0.";
    }

    /// <summary>Own minus other may stand out where the effect does not; no verdict rests on that, but it must not go unsaid.</summary>
    private static string Unclaimed(UnitFormat format, Estimate? ownMinusOther) => ownMinusOther is not { Low: > 0 }
        ? ""
        : $" Yet it is {format.Change(ownMinusOther.Mean).TrimStart('+')} ({format.Interval(ownMinusOther.Low, ownMinusOther.High)}) more than with the other teacher.";

    private static string NullControl(UnitFormat format, Estimate? nullEffect) => nullEffect is null || !VerdictRules.NullLeavesOutZero(nullEffect)
        ? ""
        : $" Control failed: independent students differ among themselves by {format.Change(nullEffect.Mean)} "
            + $"({format.Interval(nullEffect.Low, nullEffect.High)}), where about 0 is expected.";
}
