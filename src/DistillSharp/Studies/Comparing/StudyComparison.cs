using System.Text.Json;
using System.Text.Json.Serialization;

namespace DistillSharp.Studies;

/// <summary>Two studies' findings beside each other.</summary>
/// <param name="Format">Version of this layout; 1.</param>
/// <param name="First">The first study; differences are first minus second.</param>
/// <param name="Second">The second study.</param>
/// <param name="Differences">What the studies differ in, in the order of the first study's keys.</param>
/// <param name="Warnings">What to know before the differences are read.</param>
/// <param name="Effects">The effects that both have, in the first study's order.</param>
/// <param name="NotCompared">What one has, or both, and what could not be compared.</param>
public sealed record StudyComparison(
    int Format,
    ComparedStudy First,
    ComparedStudy Second,
    IReadOnlyList<StudyDifference> Differences,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<EffectComparison> Effects,
    IReadOnlyList<UncomparedEffect> NotCompared)
{
    /// <summary>The comparison as JSON: camel-case names, the basis in kebab-case, NaN as the string "NaN".</summary>
    public string ToJson() => JsonSerializer.Serialize(this, StudyComparisonJson.Default.StudyComparison) + "\n";
}

/// <summary>Writes a <see cref="StudyComparison"/>.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [typeof(KebabCaseBasisConverter)])]
[JsonSerializable(typeof(StudyComparison))]
internal sealed partial class StudyComparisonJson : JsonSerializerContext;

/// <summary>Writes a basis as <c>seeds-and-images</c>, <c>seeds</c> or <c>independent-seeds</c>.</summary>
internal sealed class KebabCaseBasisConverter() : JsonStringEnumConverter<ComparisonBasis>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);
