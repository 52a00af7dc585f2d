using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Inheritance;

/// <summary>Whether skill on domains that a student never saw passes on from a teacher that did (Ojha et al. 2023, section 5.1).</summary>
public sealed class DomainAdaptationAnalysis : Analysis
{
    private const string Correct = "correct";

    /// <inheritdoc/>
    public override string Name => "domain-adaptation";

    /// <inheritdoc/>
    public override string Title => "Domain adaptation";

    /// <inheritdoc/>
    public override string Question => "Does skill on domains that the student never saw pass on?";

    /// <inheritdoc/>
    public override string Description =>
        "The share of the test images of each domain that is classified right. The teacher was trained on more domains than its students ('images' in a study). "
        + "Students of another teacher, distilled by the same method, are the control.";

    /// <inheritdoc/>
    public override string Paper => Papers.Ojha2023;

    /// <inheritdoc/>
    public override IReadOnlyList<OptionSpec> Options { get; } =
    [
        .. GroupedAnswers.Options,
        new OptionSpec("margin", OptionKind.Number, 0.05, "In a domain the teacher must be right on a share of the images that is larger than the independent students' by at least this; else there is no skill to pass on", Minimum: 0, Maximum: 1),
    ];

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check(OptionValues options, AnalysisSetting setting) => GroupedAnswers.Check(options, setting);

    /// <inheritdoc/>
    public override Measurements Measure(AnalysisSubject subject, OptionValues options, IProgress<AnalysisProgress>? progress = null) =>
        GroupedAnswers.Measure(Name, subject, options, progress);

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Conclude(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        MeasurementTable answers = measurements.Table(GroupedAnswers.Table);
        double[] domains = answers[new MeasurementKey(GroupedAnswers.Group)];
        var findings = new List<Finding>();
        foreach ((int code, string name) in GroupedAnswers.Groups(measurements))
        {
            MeasurementTable table = GroupedAnswers.Derive(answers, Correct, a => [.. GroupedAnswers.Correct(answers, a).Zip(domains, (c, d) => d == code ? c : double.NaN)]);
            var degenerate = new DegenerateModels(measurements, table);
            var scores = new StudentScores(table, degenerate);
            double teacher = Scores.Mean(table[new MeasurementKey(Correct, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher)]);
            foreach (string method in scores.Methods(Correct))
            {
                FindingScores levels = scores.ByThemselves(Correct, method);
                string? reason = levels.NotApplicableReason ?? Lacks(teacher, Scores.Mean(levels.IndependentOwn), options.Number("margin"));
                findings.Add(builder.Build(Texts(name, method, [.. Notes(scores, degenerate, levels, method, domains.Count(d => d == code))]), levels with { Teacher = teacher, NotApplicableReason = reason }));
            }
        }

        return findings;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ResultChart> Charts(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        IReadOnlyList<ChartPlace> places = GroupedAnswers.RightByGroup(measurements, Correct);
        return Chart(
            ChartKind.Bars,
            "Right in each domain",
            "The share of a domain's test images that a model classifies right. Hollow bars are the other teacher and its students.",
            "domain",
            "classified right",
            places,
            new ChartLevels(places, measurements).ByThemselves(builder));
    }

    private static string? Lacks(double teacher, double independent, double margin) => teacher - independent < margin
        ? string.Create(CultureInfo.InvariantCulture, $"There is no skill to pass on: the teacher classifies {100 * teacher:0.0} % of these images right, independent students {100 * independent:0.0} %; {100 * margin:0.#} points more are needed (margin).")
        : null;

    private static IEnumerable<string> Notes(StudentScores scores, DegenerateModels degenerate, FindingScores levels, string method, int images)
    {
        foreach (string note in scores.SeedNotes(Correct, method).Concat(degenerate.Notes(method, levels.Seeds)))
        {
            yield return note;
        }

        yield return string.Create(CultureInfo.InvariantCulture, $"{images} test images are of this domain.");
        if (levels.StudentOther is null)
        {
            yield return "No students of another teacher were distilled by this method, so nothing shows that the skill comes from this teacher; a second teacher with 'teaches: true' gives them to a study, --other-student to an audit.";
        }
    }

    private FindingTexts Texts(string domain, string method, IReadOnlyList<string> notes) => new()
    {
        Analysis = Name,
        Measure = $"accuracy-{domain}",
        Title = $"Right on images of '{domain}'",
        Question = Question,
        Unit = FindingUnit.Share,
        Method = method,
        Notes = notes,
        ReasonLead = "Students classify {student} of these images right, independent students {independent}",
    };
}
