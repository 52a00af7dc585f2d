using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Presentation;

/// <summary>A verdict for people: a word and a sign that say the same as the colour.</summary>
/// <param name="Name">The word, e.g. "Not shown".</param>
/// <param name="Sign">A sign that stands for it without colour.</param>
/// <param name="Key">The name of its style.</param>
/// <param name="Meaning">What it says, in one sentence.</param>
public sealed record VerdictWord(string Name, string Sign, string Key, string Meaning)
{
    /// <summary>What every preliminary verdict adds.</summary>
    public const string PreliminaryMeaning =
        "Fewer than three seeds were measured, seeds of the study are missing, a control failed, or the two teachers are unequal; "
        + "the notes say which. The verdict beside this word may change; do not cite it.";

    /// <summary>All verdicts, the strongest first.</summary>
    public static IReadOnlyList<VerdictWord> All { get; } = [.. Enum.GetValues<Verdict>().Select(Of)];

    /// <summary>The words for <paramref name="verdict"/>.</summary>
    public static VerdictWord Of(Verdict verdict) => verdict switch
    {
        Verdict.Inherited => new(
            "Inherited", "●", "inherited",
            "Closer to this teacher than the independent student is, and by more than to the other teacher: both intervals lie above 0."),
        Verdict.Regularised => new(
            "Regularised", "◐", "regularised",
            "Closer to this teacher than the independent student is, but not shown to be so by more than to the other teacher, or there is no other teacher to compare with. Why is not tested."),
        Verdict.NotShown => new(
            "Not shown", "○", "not-shown",
            "The interval of the effect contains 0: these data do not show a difference. That is not the same as showing that there is none."),
        Verdict.Reversed => new(
            "Reversed", "▼", "reversed",
            "The interval of the effect lies below 0: the student is further from the teacher than the independent student is."),
        Verdict.NotApplicable => new(
            "Not applicable", "–", "not-applicable",
            "The question cannot be asked here, for example because the teacher lacks the property or there are no independent students. The reason is given."),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "expected a verdict of DistillSharp.Studies.Results"),
    };
}
