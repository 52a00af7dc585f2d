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
        "Fewer than three seeds were measured. The verdict beside this word may change with more seeds; do not cite it.";

    /// <summary>All verdicts, the strongest first.</summary>
    public static IReadOnlyList<VerdictWord> All { get; } = [.. Enum.GetValues<Verdict>().Select(Of)];

    /// <summary>The words for <paramref name="verdict"/>.</summary>
    public static VerdictWord Of(Verdict verdict) => verdict switch
    {
        Verdict.Inherited => new(
            "Inherited", "●", "inherited",
            "Closer to this teacher than the independent student is, and closer to this teacher than to another one: both intervals lie above 0."),
        Verdict.Regularised => new(
            "Regularised", "◐", "regularised",
            "Closer to this teacher than the independent student is, but not specifically to this one: any teacher might have done it, or the control that would tell is missing."),
        Verdict.NotShown => new(
            "Not shown", "○", "not-shown",
            "The interval of the effect contains 0: these data do not show a difference. That is not the same as showing that there is none."),
        Verdict.Reversed => new(
            "Reversed", "▼", "reversed",
            "The interval of the effect lies below 0: the student moved away from the teacher."),
        Verdict.NotApplicable => new(
            "Not applicable", "–", "not-applicable",
            "The question cannot be asked here, for example because the teacher lacks the property. The reason is given."),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "expected a verdict of DistillSharp.Studies.Results"),
    };
}
