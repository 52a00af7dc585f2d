using DistillSharp.Inheritance;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Studies;

/// <summary>The scores for each seed and image that an analysis' findings were computed from, read back from its measurements.</summary>
/// <param name="Images">The images of each table, by the table's name: which they are, in order.</param>
/// <param name="Scores">The scores of each measure and method.</param>
internal sealed record MeasuredScores(IReadOnlyDictionary<string, IReadOnlyList<int>> Images, IReadOnlyDictionary<(string Measure, string Method), FindingScores> Scores)
{
    private const double Rounding = 1e-9;
    private const int FewestResamples = 200;

    /// <summary>True where both hold scores of the same images in the same order, so that students of the two can be paired image by image.</summary>
    public bool IsOfSameImages(MeasuredScores other) =>
        Images.Count == other.Images.Count && Images.All(t => other.Images.TryGetValue(t.Key, out IReadOnlyList<int>? images) && t.Value.SequenceEqual(images));

    /// <summary>
    /// Finds the measurements of an analysis in a results folder. A folder may hold older ones beside them, of other options or runs: those are
    /// the right ones that give the findings' effects again.
    /// </summary>
    /// <param name="folder">The results folder.</param>
    /// <param name="analysis">The analysis with its options and label.</param>
    /// <param name="findings">The study's findings of it.</param>
    /// <returns>Null where there are none that fit.</returns>
    public static MeasuredScores? Find(string folder, AnalysisDefinition analysis, IReadOnlyList<Finding> findings)
    {
        string measurements = Path.Combine(folder, "measurements");
        string name = analysis.GivenLabel is { } label ? $"{analysis.Name}-{label}-" : $"{analysis.Name}-";
        IEnumerable<string> candidates = Directory.Exists(measurements)
            ? Directory.GetDirectories(measurements, name + "*").Where(d => File.Exists(Path.Combine(d, "complete"))).OrderDescending(StringComparer.Ordinal)
            : [];
        return candidates.Select(c => Read(c, analysis)).FirstOrDefault(s => s is not null && s.Gives(findings));
    }

    // What cannot be read is not taken: effects of seeds serve then.
    private static MeasuredScores? Read(string folder, AnalysisDefinition analysis)
    {
        var scores = new Dictionary<(string, string), FindingScores>();
        try
        {
            Measurements measured = Measurements.ReadCsv(analysis.Name, file => new StreamReader(Path.Combine(folder, file)));

            // The intervals are not looked at, so as few resamples as there can be will do.
            var builder = new FindingBuilder(new HierarchicalBootstrap(FewestResamples)) { Building = (texts, built) => scores[(texts.Measure, texts.Method)] = built };
            AnalysisRegistry.Get(analysis.Name).Conclude(measured, analysis.Options, builder);
            return new MeasuredScores(measured.Tables.ToDictionary(t => t.Name, t => t.Images), scores);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or FormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool Gives(IReadOnlyList<Finding> findings) => findings.Where(f => f.Effect is not null).All(finding =>
        Scores.TryGetValue((finding.Measure, finding.Method), out FindingScores? scores)
        && finding.Seeds.All(scores.Seeds.Contains)
        && Math.Abs(CrossedMean.OfDifferences(scores.StudentOwn, scores.IndependentOwn, scores.HigherIsCloser ? 1 : -1).Mean - finding.Effect!.Mean) <= Rounding);
}
