using System.Text.Json.Serialization;

namespace DistillSharp.Studies.Results;

/// <summary>What an audit says beside its findings: which controls there were, what was not asked, which files were read.</summary>
/// <param name="Controls">Every control, at hand or missing.</param>
/// <param name="NotAsked">The analyses that were not made, and why.</param>
/// <param name="Files">The models' files.</param>
/// <param name="Warnings">What looks wrong and need not be.</param>
public sealed record AuditSummary(
    IReadOnlyList<AuditControl> Controls,
    IReadOnlyList<AuditOmission> NotAsked,
    IReadOnlyList<AuditedFile> Files,
    IReadOnlyList<string> Warnings)
{
    /// <summary>True where there were independent students, without which no effect can be computed.</summary>
    [JsonIgnore]
    public bool HasFloor => Controls.Any(c => c is { Name: AuditControl.Floor, AtHand: true });
}

/// <summary>One control of an audit.</summary>
/// <param name="Name">What it is, e.g. <c>independent students</c>.</param>
/// <param name="AtHand">True where the audit had it.</param>
/// <param name="Found">What there was, e.g. <c>3, paired with the students by their order</c>.</param>
/// <param name="LeavesOpen">What stays unknown: without the control, or even with it; empty where nothing does.</param>
public sealed record AuditControl(string Name, bool AtHand, string Found, string LeavesOpen)
{
    /// <summary>The name of the control that is the floor of every effect.</summary>
    public const string Floor = "independent students";
}

/// <summary>An analysis that was not made.</summary>
/// <param name="Analysis">Its name.</param>
/// <param name="Reason">Why, one sentence.</param>
public sealed record AuditOmission(string Analysis, string Reason);

/// <summary>A file that an audit read a model from.</summary>
/// <param name="Model">The model's name in the results: <see cref="ModelResult.Run"/>.</param>
/// <param name="Path">The file.</param>
/// <param name="Sha256">SHA-256, as <c>sha256sum</c> prints it.</param>
/// <param name="Network">The network that its weights are of.</param>
/// <param name="Normalization">What its input is normalised by, in words.</param>
public sealed record AuditedFile(string Model, string Path, string Sha256, string Network, string Normalization);
