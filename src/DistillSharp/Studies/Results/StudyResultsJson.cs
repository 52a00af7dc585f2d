using System.Text.Json;
using System.Text.Json.Serialization;

namespace DistillSharp.Studies.Results;

/// <summary>Reads and writes <c>findings.json</c>: camel-case names, verdicts in kebab-case, NaN as the string "NaN".</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [typeof(KebabCaseVerdictConverter), typeof(KebabCaseChartKindConverter)])]
[JsonSerializable(typeof(StudyResults))]
public sealed partial class StudyResultsJson : JsonSerializerContext;

/// <summary>Writes a kind of chart as <c>curve</c> or <c>bars</c>.</summary>
public sealed class KebabCaseChartKindConverter() : JsonStringEnumConverter<ChartKind>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);

/// <summary>Writes a verdict as <c>not-shown</c>, <c>not-applicable</c>, ...</summary>
public sealed class KebabCaseVerdictConverter() : JsonStringEnumConverter<Verdict>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);
