using DistillSharp.Data;
using DistillSharp.Models;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;

namespace DistillSharp.Auditing;

/// <summary>A request that was checked in full: nothing of it is missing or contradicts the data.</summary>
/// <param name="Request">The request.</param>
/// <param name="Data">The data; they stay the catalogue's.</param>
/// <param name="TestImages">How many test images are used.</param>
/// <param name="Models">Every model: teacher, other teacher, independent students, students, students of the other teacher.</param>
/// <param name="Analyses">The analyses with their options.</param>
/// <param name="NotAsked">The analyses that do not apply, and why.</param>
public sealed record AuditPlan(
    AuditRequest Request,
    TrainTestData Data,
    int TestImages,
    IReadOnlyList<AuditedModel> Models,
    IReadOnlyList<AnalysisDefinition> Analyses,
    IReadOnlyList<AuditOmission> NotAsked)
{
    private const int FormatVersion = 1;

    /// <summary>Identifies models and images: audits with the same identity may share a results folder, and differ in their analyses.</summary>
    public string Identity => CanonicalText.Hash(Values());

    /// <summary>A name for results, e.g. <c>audit-small-kl-0f3a9c2b71de</c>.</summary>
    public string Name
    {
        get
        {
            AuditedModel first = Models.First(m => m.Role == RunRole.Student);
            string stem = string.Concat((first.Run is null ? Path.GetFileNameWithoutExtension(first.Path) : first.Label).Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));
            return $"audit-{stem}-{Identity}";
        }
    }

    /// <summary>Images and classes of the data.</summary>
    internal ImageTask Task => TaskOf(Data);

    /// <summary>The seeds: those of the runs, or the places 1, 2, ... in the request.</summary>
    internal IReadOnlyList<int> Seeds => [.. Models.Where(m => m.Role == RunRole.Student).Select(m => m.Seed).Distinct()];

    /// <summary>The methods' labels, in the request's order.</summary>
    internal IReadOnlyList<string> Labels => [.. Models.Where(m => m.Role == RunRole.Student).Select(m => m.Label).Distinct()];

    /// <summary>The folder of an analysis' measurements: equal for equal models, images and options.</summary>
    internal string KeyOf(AnalysisDefinition analysis) =>
        $"{analysis.Name}-{CanonicalText.Hash([.. Values(), ("analysis", CanonicalText.Of(analysis.Options))])}";

    /// <summary>Images and classes of data.</summary>
    internal static ImageTask TaskOf(TrainTestData data) => new(data.Test.Channels, data.Test.Height, data.Test.Width, data.Test.ClassNames.Count);

    private List<(string, string)> Values() =>
    [
        ("format", FormattableString.Invariant($"audit-{FormatVersion}")),
        ("data", Data.Fingerprint),
        ("test", FormattableString.Invariant($"{TestImages}")),
        ("train", FormattableString.Invariant($"{Request.TrainImages}")),
        .. Models.Select(m => (
            $"model.{m.Role.ToName()}.{m.Label}.{FormattableString.Invariant($"{m.Seed}")}",
            CanonicalText.Of([("sha256", m.Sha256), ("key", m.Key ?? ""), ("network", m.Architecture), ("mean", CanonicalText.Of(m.Normalization.Mean.ToArray())), ("std", CanonicalText.Of(m.Normalization.StandardDeviation.ToArray()))]))),
    ];
}
