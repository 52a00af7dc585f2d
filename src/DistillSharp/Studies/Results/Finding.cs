using System.Text.Json.Serialization;

namespace DistillSharp.Studies.Results;

/// <summary>What a finding's evidence allows to say (docs/findings.md).</summary>
public enum Verdict
{
    /// <summary>The intervals of the effect and of own minus other both lie above 0: closer to the teacher than independent students, by more than to the other teacher.</summary>
    Inherited,

    /// <summary>The interval of the effect lies above 0, but that of own minus other does not, or there is no other teacher to compare with.</summary>
    Regularised,

    /// <summary>The interval of the effect contains 0.</summary>
    NotShown,

    /// <summary>The interval of the effect lies below 0: students are further from the teacher than independent students.</summary>
    Reversed,

    /// <summary>The question does not apply here; <see cref="Finding.Reason"/> says why.</summary>
    NotApplicable,
}

/// <summary>A mean with its 95 % interval and the value of each seed.</summary>
/// <param name="Mean">Mean over seeds of the mean over images; NaN where nothing could be measured.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end of the 95 % interval.</param>
/// <param name="PerSeed">The mean over images of each seed (or pair of seeds), in the order of the finding's seeds.</param>
public sealed record Estimate(double Mean, double Low, double High, IReadOnlyList<double> PerSeed);

/// <summary>
/// One question, asked of one method's students, with its controls beside the answer.
/// A level is the measure itself (agreement, fooling rate, ...); an effect is student minus independent, paired by seed and image,
/// signed so that above 0 means "more like the teacher".
/// </summary>
/// <param name="Analysis">The analysis' name: <c>fidelity</c>, <c>localization</c>, <c>adversarial</c>.</param>
/// <param name="Measure">The measure's name within the analysis, e.g. <c>agreement-test</c>.</param>
/// <param name="Title">A short title for people, e.g. "Top-1 agreement with the teacher on test images".</param>
/// <param name="Question">The question in one sentence, e.g. "Does the student look where the teacher looks?".</param>
/// <param name="Unit"><c>share</c> (0 to 1, shown as per cent) or <c>nats</c>, or another plain unit.</param>
/// <param name="HigherIsCloser">False where a lower level means closer to the teacher (KL divergence).</param>
/// <param name="Method">The distillation method of the students.</param>
/// <param name="Seeds">The seeds measured, in the order of every <see cref="Estimate.PerSeed"/> but the null's.</param>
/// <param name="Images">How many images entered per seed (mean over seeds, after exclusions).</param>
/// <param name="Teacher">The property in the teacher (the ceiling); null where it has no number.</param>
/// <param name="Independent">The level of the independent student (the floor).</param>
/// <param name="Null">The effect that one independent student shows against another (what chance gives); null with fewer than two seeds.</param>
/// <param name="Student">The level of the distilled student.</param>
/// <param name="OtherTeacher">The level of this student when scored against another teacher, or of that teacher's own student (<see cref="OtherIsStudent"/>); null where there is none.</param>
/// <param name="Effect">Student minus independent, paired, signed so that above 0 is closer to the teacher.</param>
/// <param name="OwnMinusOther">The effect with the own teacher minus the effect with the other teacher; null where there is none.</param>
/// <param name="Verdict">What this allows to say.</param>
/// <param name="Preliminary">
/// True with fewer than three seeds, with fewer than the study asked for, after a failed null control and where the two teachers are unequal:
/// no verdict is final then. The notes say which.
/// </param>
/// <param name="Reason">One or two sentences: why this verdict, with its numbers.</param>
/// <param name="Notes">Named degenerate cases, exclusions and preconditions, with counts.</param>
public sealed record Finding(
    string Analysis,
    string Measure,
    string Title,
    string Question,
    string Unit,
    bool HigherIsCloser,
    string Method,
    IReadOnlyList<int> Seeds,
    double Images,
    double? Teacher,
    Estimate? Independent,
    Estimate? Null,
    Estimate? Student,
    Estimate? OtherTeacher,
    Estimate? Effect,
    Estimate? OwnMinusOther,
    Verdict Verdict,
    bool Preliminary,
    string Reason,
    IReadOnlyList<string> Notes)
{
    /// <summary>
    /// True where <see cref="OtherTeacher"/> is the level of another student, distilled by the same method from the other teacher: the control of a
    /// property that a student has by itself.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OtherIsStudent { get; init; }

    /// <summary>What the study calls this analysis, where it asks for several of one kind; null where it is called by its own name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }
}
