using DistillSharp.Configuration;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Inheritance;

/// <summary>
/// One question asked of a teacher and its students, in two separate steps: models and data give measurements,
/// and measurements alone give findings. So a finding can be computed again, or otherwise, when the models are gone.
/// </summary>
public abstract class Analysis
{
    /// <summary>The name in a study, kebab-case.</summary>
    public abstract string Name { get; }

    /// <summary>The name that people read.</summary>
    public abstract string Title { get; }

    /// <summary>The question in one sentence.</summary>
    public abstract string Question { get; }

    /// <summary>What is measured and how, in a few sentences.</summary>
    public abstract string Description { get; }

    /// <summary>Authors, title and venue of the paper that the protocol follows.</summary>
    public abstract string Paper { get; }

    /// <summary>Its options with defaults.</summary>
    public virtual IReadOnlyList<OptionSpec> Options => [];

    /// <summary>
    /// What cannot be measured with these options, known before anything is trained, so that a study is refused and not stopped after hours.
    /// Values hold to their declared kinds and ranges, and every layer that they name exists.
    /// </summary>
    /// <param name="options">Values of <see cref="Options"/>.</param>
    /// <param name="setting">The images and networks.</param>
    /// <returns>Nothing where all is well.</returns>
    public virtual IEnumerable<OptionProblem> Check(OptionValues options, AnalysisSetting setting) => [];

    /// <summary>Asks the models. Their mode (training or evaluation) and their parameters' gradients are as before when it returns.</summary>
    /// <param name="subject">The models and the data.</param>
    /// <param name="options">Values of <see cref="Options"/>.</param>
    /// <param name="progress">Told before each step; an exception thrown from it stops the analysis.</param>
    /// <exception cref="ArgumentException">An option does not fit the models, e.g. a layer that does not exist.</exception>
    public abstract Measurements Measure(AnalysisSubject subject, OptionValues options, IProgress<AnalysisProgress>? progress = null);

    /// <summary>Turns measurements into one finding for each measure and method; no model is needed.</summary>
    /// <param name="measurements">What <see cref="Measure"/> gave, or what was read back from its files.</param>
    /// <param name="options">The values that were measured with.</param>
    /// <param name="builder">Draws intervals and reaches verdicts.</param>
    /// <exception cref="ArgumentException">The measurements are of another analysis, or a table or column is missing.</exception>
    public abstract IReadOnlyList<Finding> Conclude(Measurements measurements, OptionValues options, FindingBuilder builder);

    /// <summary>What is worth drawing besides findings: levels by strength, group or domain, from measurements alone. No verdict rests on it.</summary>
    /// <inheritdoc cref="Conclude"/>
    /// <returns>Charts that hold something; none where an analysis has nothing of the kind.</returns>
    public virtual IReadOnlyList<ResultChart> Charts(Measurements measurements, OptionValues options, FindingBuilder builder) => [];

    /// <summary>A chart of this analysis; nothing where no model has a level.</summary>
    private protected IReadOnlyList<ResultChart> Chart(
        ChartKind kind, string title, string explanation, string places, string levels, IReadOnlyList<ChartPlace> at, IReadOnlyList<ChartSeries> series, string unit = FindingUnit.Share) => series.Count == 0
        ? []
        : [new ResultChart(Name, title, $"{explanation} {ChartLevels.Intervals(series)}", kind, places, levels, unit, [.. at.Select(p => p.Name)], series)];

    /// <summary>Refuses measurements of another analysis.</summary>
    private protected void CheckOwn(Measurements measurements)
    {
        if (measurements.Analysis != Name)
        {
            throw new ArgumentException($"Measurements of the analysis '{Name}' were expected, found '{measurements.Analysis}'.", nameof(measurements));
        }
    }
}
