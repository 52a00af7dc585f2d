using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Inheritance;

/// <summary>Whether a teacher's unfairness to a group passes on to students whose own data are fair (Ojha et al. 2023, section 5.2).</summary>
public sealed class BiasAnalysis : Analysis
{
    private const string Gap = "gap";
    private const string Correct = "correct";

    /// <inheritdoc/>
    public override string Name => "bias";

    /// <inheritdoc/>
    public override string Title => "Bias";

    /// <inheritdoc/>
    public override string Question => "Does unfairness to a group pass on?";

    /// <inheritdoc/>
    public override string Description =>
        "Accuracy by group, and its gap: the mean accuracy of all other groups minus the group's, each group counting alike. The group is the one that the teacher "
        + "serves worst, unless one is named. Students of another teacher, distilled by the same method, are the control.";

    /// <inheritdoc/>
    public override string Paper => Papers.Ojha2023;

    /// <inheritdoc/>
    public override IReadOnlyList<OptionSpec> Options { get; } =
    [
        .. GroupedAnswers.Options,
        new OptionSpec("group", OptionKind.Text, null, "The group that is looked at; where left out, the one that the teacher serves worst"),
        new OptionSpec("positive", OptionKind.Text, null, "The class whose true and false positive rates are drawn for each group; where left out, the first of two classes, and none of more"),
        new OptionSpec("margin", OptionKind.Number, 0.05, "The teacher's gap must be at least this; else there is no bias to pass on", Minimum: 0, Maximum: 1),
    ];

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check(OptionValues options, AnalysisSetting setting)
    {
        OptionProblem[] problems = [.. GroupedAnswers.Check(options, setting)];
        if (problems.Length > 0)
        {
            return problems;
        }

        AttributeSetting attribute = options.Has("attribute") ? setting.Attributes.First(a => a.Name == options.Text("attribute")) : setting.Attributes[0];
        string[] groups = [.. attribute.Values.Where(v => v.TestImages > 0).Select(v => v.Name)];
        if (groups.Length < 2)
        {
            return [new OptionProblem(options.Has("attribute") ? "attribute" : null, $"expected an attribute that tells test images apart; '{attribute.Name}' is the same for all: {string.Join(", ", groups)}.")];
        }

        if (options.Has("group") && !groups.Contains(options.Text("group")))
        {
            return [new OptionProblem("group", NearestName.Explain($"group of test images by '{attribute.Name}'", options.Text("group"), groups))];
        }

        return options.Has("positive") && setting.ClassNames.Count > 0 && !setting.ClassNames.Contains(options.Text("positive"))
            ? [new OptionProblem("positive", NearestName.Explain("class", options.Text("positive"), setting.ClassNames))]
            : [];
    }

    /// <inheritdoc/>
    public override Measurements Measure(AnalysisSubject subject, OptionValues options, IProgress<AnalysisProgress>? progress = null) =>
        GroupedAnswers.Measure(Name, subject, options, progress);

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Conclude(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        MeasurementTable answers = measurements.Table(GroupedAnswers.Table);
        IReadOnlyList<(int Code, string Name)> groups = GroupedAnswers.Groups(measurements);
        if (groups.Count < 2)
        {
            throw new ArgumentException($"The test images belong to {groups.Count} group: there is nothing to compare it with.", nameof(measurements));
        }

        var rates = new BiasRates(answers, groups, Positive(measurements, options));
        (int Code, string Name) group = options.Has("group") ? Named(groups, options.Text("group")) : rates.Worst;
        double[] members = answers[new MeasurementKey(GroupedAnswers.Group)];

        MeasurementTable gaps = GroupedAnswers.Derive(answers, Gap, a => GapScores(GroupedAnswers.Correct(answers, a), members, group.Code, groups));
        MeasurementTable inside = GroupedAnswers.Derive(answers, Correct, a => [.. GroupedAnswers.Correct(answers, a).Zip(members, (c, g) => g == group.Code ? c : double.NaN)]);
        var findings = new List<Finding>();
        foreach ((MeasurementTable table, string measure, string title, string lead, string unit) in new[]
        {
            (gaps, Gap, $"Gap of the group '{group.Name}'", "The group's accuracy lies {student} below the others' in students, {independent} in independent students", FindingUnit.Points),
            (inside, Correct, $"Right on images of the group '{group.Name}'", "Students classify {student} of the group's images right, independent students {independent}", FindingUnit.Share),
        })
        {
            var degenerate = new DegenerateModels(measurements, table);
            var scores = new StudentScores(table, degenerate);
            double teacher = Scores.Mean(table[new MeasurementKey(measure, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher)]);
            foreach (string method in scores.Methods(measure))
            {
                FindingScores levels = scores.ByThemselves(measure, method);
                double independent = Scores.Mean(levels.IndependentOwn), margin = options.Number("margin");
                string? reason = levels.NotApplicableReason
                    ?? Lacks(rates.Teacher.Gap(group.Code, rates.Codes), measure == Gap ? independent : double.NaN, group.Name, margin)
                    ?? (measure == Correct ? NowhereToGo(teacher, independent, group.Name, margin) : null);

                // The group's accuracy may rise or fall towards a teacher that is unfair to it; the teacher and the independent students say which.
                bool higher = measure == Gap || !(teacher < independent);
                var texts = new FindingTexts
                {
                    Analysis = Name,
                    Measure = $"{(measure == Gap ? "gap" : "accuracy")}-{group.Name}",
                    Title = title,
                    Question = Question,
                    Unit = unit,
                    Method = method,
                    Notes = [.. scores.SeedNotes(measure, method), .. degenerate.Notes(method, levels.Seeds), .. rates.Notes(method, options.Has("group") ? null : group.Name), .. Direction(measure, teacher, independent), .. Control(levels)],
                    ReasonLead = lead,
                };
                Finding finding = builder.Build(texts, levels with { Teacher = teacher, NotApplicableReason = reason, HigherIsCloser = higher });
                findings.Add(options.Has("group") || finding.Verdict == Verdict.NotApplicable ? finding : finding with { Preliminary = true });
            }
        }

        return findings;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ResultChart> Charts(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        MeasurementTable answers = measurements.Table(GroupedAnswers.Table);
        IReadOnlyList<(int Code, string Name)> groups = GroupedAnswers.Groups(measurements);
        double[] members = answers[new MeasurementKey(GroupedAnswers.Group)];
        IReadOnlyList<ChartPlace> right = GroupedAnswers.RightByGroup(measurements, Correct);
        ChartPlace[] gaps = groups.Count < 2 ? [] :
        [
            .. groups.Select(group => new ChartPlace(
                group.Name, GroupedAnswers.Derive(answers, Gap, a => GapScores(GroupedAnswers.Correct(answers, a), members, group.Code, groups)), Gap)),
        ];
        const string Hollow = "Hollow bars are the other teacher and its students.";
        return
        [
            .. Chart(
                ChartKind.Bars, "Right in each group", $"The share of a group's test images that a model classifies right. {Hollow}", "group", "classified right",
                right, new ChartLevels(right, measurements).ByThemselves(builder)),
            .. Chart(
                ChartKind.Bars, "Gap of each group", $"The mean accuracy of all other groups, each counting alike, minus the group's: above 0 a model serves the group worse than the others. {Hollow}", "group", "gap",
                gaps, new ChartLevels(gaps, measurements).ByThemselves(builder, FindingUnit.Points), FindingUnit.Points),
            .. Positive(measurements, options) is var (code, name) ? PositiveRates(measurements, code, name, builder) : [],
        ];
    }

    private IEnumerable<ResultChart> PositiveRates(Measurements measurements, int positive, string name, FindingBuilder builder)
    {
        foreach ((string kind, string words, bool members) in new[] { ("True", $"Of a group's images of '{name}'", true), ("False", $"Of a group's images of other classes than '{name}'", false) })
        {
            IReadOnlyList<ChartPlace> places = GroupedAnswers.ByGroup(measurements, $"{kind.ToLowerInvariant()}-positive", l => l == positive == members, (answer, _) => answer == positive);
            foreach (ResultChart chart in Chart(
                ChartKind.Bars, $"{kind} positive rate of '{name}' in each group", $"{words} the share that a model takes for it (Hardt et al. 2016). Hollow bars are the other teacher and its students.",
                "group", "taken for it", places, new ChartLevels(places, measurements).ByThemselves(builder)))
            {
                yield return chart;
            }
        }
    }

    /// <summary>The class whose rates are given; null where there are more than two and none is named.</summary>
    private static (int Code, string Name)? Positive(Measurements measurements, OptionValues options)
    {
        (int Code, string Name)[] classes = [.. measurements.Facts.Where(f => f.Key.Measure == GroupedAnswers.ClassName).Select(f => ((int)f.Value, f.Text))];
        return !options.Has("positive") ? classes.Length == 2 ? classes[0] : null
            : classes.Any(c => c.Name == options.Text("positive")) ? classes.First(c => c.Name == options.Text("positive"))
            : throw new ArgumentException(NearestName.Explain("class", options.Text("positive"), classes.Select(c => c.Name)), nameof(options));
    }

    /// <summary>
    /// The gap of a group, no mean over images, as the mean of a score an image: the gap plus how far the image pulls it to first order. So images
    /// can be drawn again, and the spread is that of a difference between accuracies. Hits that are weighted by the sizes of groups have the same
    /// mean, but as levels a larger spread, because every redraw would change the sizes too.
    /// </summary>
    /// <param name="correct">1 for a hit, 0 for a miss, NaN where there is no answer, [N].</param>
    /// <param name="members">Each image's group, [N].</param>
    /// <param name="group">The group that is looked at.</param>
    /// <param name="groups">All groups that have images.</param>
    /// <returns>NaN where there is no answer, and throughout where a group has none.</returns>
    internal static double[] GapScores(double[] correct, double[] members, int group, IReadOnlyList<(int Code, string Name)> groups)
    {
        var answered = groups.ToDictionary(g => g.Code, g => correct.Where((c, i) => members[i] == g.Code && !double.IsNaN(c)).ToArray());
        var accuracy = answered.ToDictionary(a => a.Key, a => a.Value.DefaultIfEmpty(double.NaN).Average());
        double gap = accuracy.Where(a => a.Key != group).Average(a => a.Value) - accuracy[group];
        int all = answered.Values.Sum(a => a.Length);
        return
        [
            .. correct.Select((c, i) =>
            {
                int own = (int)members[i];
                return gap + ((own == group ? -1.0 : 1.0 / (groups.Count - 1)) * all / answered[own].Length * (c - accuracy[own]));
            }),
        ];
    }

    private static (int Code, string Name) Named(IReadOnlyList<(int Code, string Name)> groups, string name) =>
        groups.Any(g => g.Name == name) ? groups.First(g => g.Name == name) : throw new ArgumentException(NearestName.Explain("group", name, groups.Select(g => g.Name)), nameof(name));

    /// <summary>Why there is no unfairness that could pass on; null where there is.</summary>
    private static string? Lacks(double gap, double independent, string group, double margin)
    {
        string levels = string.Create(CultureInfo.InvariantCulture, $"the teacher's accuracy in the group '{group}' lies {100 * gap:0.0} points below the others'");
        string needed = string.Create(CultureInfo.InvariantCulture, $"{100 * margin:0.#} are needed (margin)");
        return gap < margin ? $"There is no bias to pass on: {levels}; {needed}."
            : gap - independent < margin
                ? string.Create(CultureInfo.InvariantCulture, $"There is no bias of the teacher's own to pass on: {levels}, that of independent students {100 * independent:0.0} points; of the difference {needed}.")
            : null;
    }

    private static string? NowhereToGo(double teacher, double independent, string group, double margin) => Math.Abs(teacher - independent) < margin
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"There is nothing to move towards: the teacher classifies {100 * teacher:0.0} % of the images of '{group}' right, independent students {100 * independent:0.0} %; a difference of {100 * margin:0.#} points is needed (margin).")
        : null;

    private static IEnumerable<string> Direction(string measure, double teacher, double independent) => measure == Correct && teacher < independent
        ? ["Closer to the teacher is lower here: the teacher is worse in this group than independent students are."]
        : [];

    private static IEnumerable<string> Control(FindingScores levels) => levels.StudentOther is null
        ? ["No students of another teacher were distilled by this method, so nothing shows that the bias comes from this teacher; a second teacher with 'teaches: true' gives them to a study, --other-student to an audit."]
        : [];
}
