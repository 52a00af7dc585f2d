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
        var towards = higherIsCloser ? "" : " towards the teacher (lower is closer)";
        var sentence = $"{lead}: {format.Change(effect.Mean)}{towards} (95 % interval {format.Interval(effect.Low, effect.High)})";
        sentence += verdict switch
        {
            Verdict.NotShown when effect.Low == 0 && effect.High == 0 => "; there is no difference.",
            Verdict.NotShown => "; the interval contains 0.",
            Verdict.Reversed => "; the students moved away from the teacher.",
            _ => OtherTeacher(format, verdict, otherEffect, ownMinusOther),
        };
        return sentence + NullControl(format, verdict, effect, nullEffect);
    }

    private static string OtherTeacher(UnitFormat format, Verdict verdict, double? otherEffect, Estimate? ownMinusOther)
    {
        if (otherEffect is null || ownMinusOther is null)
        {
            return ". There is no other-teacher control, so nothing shows that this comes from this teacher.";
        }

        var gain = $"; with another teacher the gain is {format.SignedNumber(otherEffect.Value)}";
        var difference = format.Change(ownMinusOther.Mean);
        var interval = format.Interval(ownMinusOther.Low, ownMinusOther.High);
        return verdict == Verdict.Inherited
            ? $"{gain}, so {difference.TrimStart('+')} ({interval}) are specific to this teacher."
            : ownMinusOther.High < 0
                ? $"{gain}, which is more: the difference of {difference} ({interval}) speaks for the other teacher."
                : $"{gain}: the difference of {difference} ({interval}) is not clearly above 0, so the effect is not shown to be specific to this teacher.";
    }

    private static string NullControl(UnitFormat format, Verdict verdict, Estimate effect, Estimate? nullEffect)
    {
        if (nullEffect is null)
        {
            return "";
        }

        var value = $"{format.Change(nullEffect.Mean)} ({format.Interval(nullEffect.Low, nullEffect.High)})";
        if (VerdictRules.NullIsAsLarge(verdict, effect, nullEffect))
        {
            return $" Control failed: independent students differ among themselves by {value}, as much as the effect.";
        }

        return VerdictRules.NullLeavesOutZero(nullEffect)
            ? $" Control failed: independent students differ among themselves by {value}, where about 0 is expected."
            : "";
    }
}
