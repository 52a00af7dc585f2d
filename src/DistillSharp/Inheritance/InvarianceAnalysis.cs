using DistillSharp.Configuration;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Whether students keep their answers under changes that their teacher learned to ignore (Ojha et al. 2023, section 4.3).</summary>
public sealed class InvarianceAnalysis : Analysis
{
    internal const string Rate = "rate";
    internal const string Channels = "channels";
    private const string TestTable = "test";

    /// <inheritdoc/>
    public override string Name => "invariance";

    /// <inheritdoc/>
    public override string Title => "Invariance";

    /// <inheritdoc/>
    public override string Question => "Does the student ignore what its teacher learned to ignore?";

    /// <inheritdoc/>
    public override string Description =>
        "Test images are changed at random, in the same way for all models: colours, crops, shifts or rotations, in several strengths. The measure is the share of images "
        + "on which a model's answer stays the same, right or wrong. Students of another teacher, distilled by the same method, are the control.";

    /// <inheritdoc/>
    public override string Paper => Papers.Ojha2023;

    /// <inheritdoc/>
    public override IReadOnlyList<OptionSpec> Options { get; } =
    [
        new OptionSpec("images", OptionKind.Integer, 2000L, "At most so many test images are changed: a fixed random part, the same for all models", Minimum: 2),
        new OptionSpec("change", OptionKind.Text, "colour", "What is done to images: colour (jitter), crop (two crops compared with each other), shift or rotation", Choices: [.. ImageChange.All.Select(c => c.Name)]),
        new OptionSpec("strengths", OptionKind.NumberList, null, "The strengths that are measured: of the colour jitter from 0 to 1, the share of the area of a crop, pixels of a shift, degrees of a rotation; where left out, four of each change", Minimum: 0),
        new OptionSpec("strength", OptionKind.Number, null, "The strength that the finding is about; where left out, 0.4 of colour, 0.4 of crop, 3 of shift, 20 of rotation, or the last of 'strengths' where it is not among them", Minimum: 0),
        new OptionSpec("margin", OptionKind.Number, 0.05, "The teacher must keep its answer on a share of the images that is larger than the independent students' by at least this; else it lacks the property", Minimum: 0, Maximum: 1),
        new OptionSpec("pictures", OptionKind.Integer, 6L, "At most so many examples are shown, one a class", Minimum: 0, Maximum: 100),
    ];

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check(OptionValues options, AnalysisSetting setting) => InvarianceStrengths.Check(options, setting);

    /// <inheritdoc/>
    public override Measurements Measure(AnalysisSubject subject, OptionValues options, IProgress<AnalysisProgress>? progress = null)
    {
        using var scope = new TensorScope();
        var asked = new InvarianceStrengths(options);
        foreach (double strength in asked.All)
        {
            asked.Change.Check(strength, subject.Test.Images);
        }

        using var sample = new ImageSample(subject.Test, options.Integer("images"));
        var facts = new List<MeasurementFact> { new(new MeasurementKey(Channels), subject.Test.Images.Size(1)) };
        var table = new MeasurementTable(TestTable, sample.Indices, sample.Classes);
        DegenerateModels.Record(facts, TestTable, subject, subject.Test, sample.Positions, crossStudents: true);
        var changed = new ChangedAnswers(subject, sample, asked.Change);
        for (int i = 0; i < asked.All.Count; i++)
        {
            progress?.Report(new AnalysisProgress(asked.Change.Describe(asked.All[i]), i, asked.All.Count));
            string measure = InvarianceStrengths.Measure(asked.All[i]), rate = InvarianceStrengths.RateOf(asked.All[i]);
            foreach ((MeasurementKey key, double[] kept) in changed.Kept(asked.All[i], facts))
            {
                table.Add(key with { Measure = measure }, kept);
                facts.Add(new MeasurementFact(key with { Measure = rate }, Scores.Mean(kept)));
            }
        }

        var pictures = new InvariancePictures(subject, sample, asked, options.Integer("pictures"));
        return new Measurements(Name, [table], facts, pictures.Tables(Name));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Conclude(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        MeasurementTable table = measurements.Table(TestTable);
        var asked = new InvarianceStrengths(options);
        var scores = new InvarianceScores(table, new DegenerateModels(measurements, table));
        var findings = new List<Finding>();
        foreach (string method in scores.Methods(asked.Main))
        {
            FindingScores levels = scores.Levels(asked.Main, method);
            double teacher = scores.Teacher(asked.Main, MeasurementKey.OwnTeacher);
            string? reason = levels.NotApplicableReason ?? Lacks(teacher, Scores.Mean(levels.IndependentOwn), options.Number("margin"));
            string[] notes = [.. InvarianceNotes.Write(measurements, scores, levels, asked, method)];
            findings.Add(builder.Build(Texts(asked, method, notes), levels with { Teacher = levels.NotApplicableReason is null && !double.IsNaN(teacher) ? teacher : null, NotApplicableReason = reason }));
        }

        return findings;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ResultChart> Charts(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        MeasurementTable table = measurements.Table(TestTable);
        var asked = new InvarianceStrengths(options);
        ChartPlace[] places = [.. asked.Rising.Select(strength => new ChartPlace(InvarianceStrengths.Text(strength), table, InvarianceStrengths.Measure(strength)))];
        return Chart(
            ChartKind.Curve,
            $"Answers kept, by strength of the change '{asked.Change.Name}'",
            "The share of the images on which a model gives the same class before and after the change, right or wrong. Stronger changes are further right; marks of one strength are set a little apart, so that each is seen.",
            asked.Change.Axis,
            "answers kept",
            places,
            new ChartLevels(places, measurements).ByThemselves(builder));
    }

    /// <summary>Why there is nothing that could be inherited; null where there is.</summary>
    private static string? Lacks(double teacher, double independent, double margin)
    {
        if (double.IsNaN(teacher))
        {
            return "The teacher gives the same class to all changed images, or nearly all.";
        }

        if (!(teacher - independent < margin))
        {
            return null;
        }

        string levels = FormattableString.Invariant($"it keeps its answer on {100 * teacher:0.0} % of the images, independent students on {100 * independent:0.0} %");
        string needed = FormattableString.Invariant($"{100 * margin:0.#} points more are needed (margin)");
        return 1 - independent < margin
            ? $"Independent students have the property without a teacher: {levels}; {needed}."
            : $"The teacher lacks the property: {levels}; {needed}.";
    }

    private FindingTexts Texts(InvarianceStrengths asked, string method, IReadOnlyList<string> notes) => new()
    {
        Analysis = Name,
        Measure = $"answers-kept-{asked.Change.Name}",
        Title = $"Answers kept under {asked.Change.Describe(asked.Main)}",
        Question = Question,
        Unit = FindingUnit.Share,
        Method = method,
        Notes = notes,
        ReasonLead = "Students keep their answer on {student} of the changed images, independent students on {independent}",
    };
}
