using System.Diagnostics.CodeAnalysis;

namespace DistillSharp.Studies;

/// <summary>A checked study, or everything that is wrong with it.</summary>
/// <param name="Study">The study with every default filled in; null where there are problems.</param>
/// <param name="Problems">Why there is no study, in the order of the file; empty where there is one.</param>
/// <param name="Warnings">What the study will not be able to show; only where there is a study.</param>
/// <param name="Notes">What was added to the study, in sentences, for the top of the resolved study.</param>
public sealed record StudyReadResult(
    StudyDefinition? Study,
    IReadOnlyList<StudyProblem> Problems,
    IReadOnlyList<StudyProblem> Warnings,
    IReadOnlyList<string> Notes)
{
    /// <summary>True where the study can run.</summary>
    [MemberNotNullWhen(true, nameof(Study))]
    public bool IsValid => Study is not null;
}
