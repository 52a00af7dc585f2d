using DistillSharp.Inheritance;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Studies;

/// <summary>What one analysis of a study found, under the label that the study gives it.</summary>
/// <param name="Findings">One for each measure and method.</param>
/// <param name="Charts">Levels to be drawn.</param>
/// <param name="Pictures">Tables of example pictures.</param>
internal sealed record AnalysisConclusions(IReadOnlyList<Finding> Findings, IReadOnlyList<ResultChart> Charts, IReadOnlyList<PictureTable> Pictures)
{
    /// <summary>Concludes from measurements.</summary>
    /// <param name="analysis">The analysis with its options.</param>
    /// <param name="measured">What it measured.</param>
    /// <param name="builder">Draws intervals and reaches verdicts.</param>
    public static AnalysisConclusions Of(AnalysisDefinition analysis, Measurements measured, FindingBuilder builder) => new(
        [.. AnalysisRegistry.Get(analysis.Name).Conclude(measured, analysis.Options, builder).Select(f => f with { Label = analysis.GivenLabel })],
        [.. AnalysisRegistry.Get(analysis.Name).Charts(measured, analysis.Options, builder).Select(c => c with { Label = analysis.GivenLabel })],
        [.. measured.Pictures.Select(p => p with { Label = analysis.GivenLabel })]);
}
