using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Whether images crafted against a teacher fool its students more than independent ones (Ojha et al. 2023, section 4.2).</summary>
public sealed class AdversarialAnalysis : Analysis
{
    internal const string Fooled = "fooled";
    internal const string Correct = "correct";
    internal const string Epsilon = "epsilon";
    internal const string SearchRate = "search-rate";
    internal const string Rate = "rate";
    internal const string Unreached = "unreached";
    internal const string RateOfRight = "rate-of-right";
    internal const string IndependentRate = "independent-rate";
    internal const string NotFinite = "adversarial-not-finite";
    internal const string Scale = "epsilon-scale";
    private const string TestTable = "test";

    /// <inheritdoc/>
    public override string Name => "adversarial";

    /// <inheritdoc/>
    public override string Title => "Adversarial vulnerability";

    /// <inheritdoc/>
    public override string Question => "Is the student fooled by what fools its teacher?";

    /// <inheritdoc/>
    public override string Description =>
        "Adversarial images (iterative FGSM, PGD or momentum iterative FGSM) are crafted against the teacher, strong enough to change a fixed share of its predictions. Those that change it are shown to the students; "
        + "the measure is the share that changes the student's own prediction. Images crafted against another teacher, which fool independent students as often, are the control.";

    /// <inheritdoc/>
    public override string Paper => Papers.Ojha2023;

    /// <inheritdoc/>
    public override IReadOnlyList<OptionSpec> Options { get; } =
    [
        new OptionSpec("images", OptionKind.Integer, 2000L, "At most so many test images are attacked: a fixed random part, the same for all models", Minimum: 2),
        new OptionSpec("attack", OptionKind.Text, GradientAttack.Iterative.Name, "How images are crafted: i-fgsm (as published), pgd (random start), pgd-l2 (the same in L2 norm) or mi-fgsm (momentum 1, made to transfer)", Choices: [.. GradientAttack.All.Select(a => a.Name)]),
        new OptionSpec("steps", OptionKind.Integer, 5L, "Steps of each attack", Minimum: 1, Maximum: 1000),
        new OptionSpec("target", OptionKind.Number, 0.85, "Share of the attacked teacher's predictions that the attack should change", Minimum: 0.05, Maximum: 1),
        new OptionSpec("target-of", OptionKind.Text, "all", "Predictions that the target is a share of: all (as published), or only those that are right on unchanged images", Choices: ["all", "right"]),
        new OptionSpec("alpha-ratio", OptionKind.Number, 0.25, "Size of one step over the largest change allowed", Minimum: 1e-3, Maximum: 1),
        new OptionSpec("search-images", OptionKind.Integer, 256L, "At most so many images serve to find the strength of the attacks: a fixed random part of the images attacked", Minimum: 2),
        new OptionSpec("pictures", OptionKind.Integer, 6L, "At most so many examples are shown, one a class", Minimum: 0, Maximum: 100),
    ];

    /// <inheritdoc/>
    public override Measurements Measure(AnalysisSubject subject, OptionValues options, IProgress<AnalysisProgress>? progress = null)
    {
        using var scope = new TensorScope();
        using var sample = new ImageSample(subject.Test, options.Integer("images"));
        var facts = new List<MeasurementFact>();
        var table = new MeasurementTable(TestTable, sample.Indices, sample.Classes);
        DegenerateModels.Record(facts, TestTable, subject, subject.Test, sample.Positions);
        var pictures = new AdversarialPictures(subject, sample, options.Integer("pictures"));
        int total = 2 * subject.Teachers().Count();
        var degenerate = new DegenerateModels(new Measurements(Name, [], facts, []), table);
        bool Independent(SubjectModel s) => s.Method == MeasurementKey.Independent && !degenerate.Contains(s.Method, s.Seed);
        SubjectModel[] students = [.. subject.StudentModels()];
        using ImageSample part = sample.Part(options.Integer("search-images"));
        GradientAttack kind = GradientAttack.Get(options.Text("attack"));
        var search = new EpsilonSearch
        {
            Attack = kind,
            Scale = kind.Scale(sample.Images),
            Target = options.Number("target"),
            OnlyRight = options.Text("target-of") == "right",
            Steps = options.Integer("steps"),
            AlphaRatio = options.Number("alpha-ratio"),
        };
        facts.Add(new MeasurementFact(new MeasurementKey(Scale), search.Scale));
        int done = 0;
        double ownEpsilon = double.NaN;
        foreach ((string name, ImageClassifier model) in subject.Teachers())
        {
            bool own = name == MeasurementKey.OwnTeacher;
            string attacked = own ? "teacher" : "other teacher";
            progress?.Report(new AnalysisProgress($"strength of the attack on the {attacked}", done++, total));
            if (!own && double.IsNaN(ownEpsilon))
            {
                break;
            }

            var key = new MeasurementKey("", MeasurementKey.TeacherModel, null, name);
            EpsilonSearchResult found = own
                ? search.Find(model, part.Images, part.Labels, subject.GradientSlice)
                : new ControlSearch(subject, part, [.. students.Where(Independent)]).Find(search, ownEpsilon);
            facts.Add(new MeasurementFact(key with { Measure = Epsilon }, found.Epsilon));
            facts.Add(new MeasurementFact(key with { Measure = SearchRate }, found.Rate));
            progress?.Report(new AnalysisProgress($"attack on the {attacked}", done++, total));
            var attack = new TransferAttack(subject, sample, name, model, students, kind);
            if (found.Reached)
            {
                AttackBudget budget = search.Budget(found.Epsilon);
                attack.Run(budget, own ? (start, images) => pictures.Offer(start, images, budget, kind.Norm == AttackNorm.LInfinity) : null);
                ownEpsilon = own ? found.Epsilon : ownEpsilon;
                facts.Add(new MeasurementFact(key with { Measure = Rate }, attack.Rate));
                facts.Add(new MeasurementFact(key with { Measure = RateOfRight }, attack.RateOfRight));
                if (subject.Independent.Count > 0)
                {
                    facts.Add(new MeasurementFact(key with { Measure = IndependentRate }, attack.MeanFooling(Independent)));
                }

                attack.AddNotFinite(facts);
            }
            else
            {
                facts.Add(new MeasurementFact(key with { Measure = Unreached }, double.NaN, found.Problem));
            }

            // The own teacher's columns are there in any case, so that a finding can name each method and say why it does not apply.
            if (found.Reached || own)
            {
                attack.AddColumns(table);
            }
        }

        AddCorrect(table, subject, sample);
        return new Measurements(Name, [table], facts, pictures.Tables(Name));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Conclude(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        MeasurementTable table = measurements.Table(TestTable);
        var degenerate = new DegenerateModels(measurements, table);
        var scores = new StudentScores(table, degenerate);
        var unreached = measurements.Fact(new MeasurementKey(Unreached, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher));
        string hint = options.Text("target-of") == "all" ? " A share of the right predictions only (target-of: right) may be reached." : "";
        var findings = new List<Finding>();
        foreach (string method in scores.Methods(Fooled))
        {
            FindingScores levels = scores.Levels(Fooled, method);
            string? reason = levels.NotApplicableReason ?? (unreached is null ? null : $"The teacher cannot be attacked as asked. {unreached.Text}{hint}");
            List<string> notes =
            [
                .. scores.SeedNotes(Fooled, method), .. degenerate.Notes(method, levels.Seeds), .. AdversarialNotes.Write(measurements, table, levels, method, options),
            ];
            if (!ControlSearch.IsMatched(levels))
            {
                levels = levels with { StudentOther = null, IndependentOther = null };
            }
            else
            {
                notes.AddRange(StudentScores.OtherNotes(levels));
            }

            findings.Add(builder.Build(Texts(method, notes), levels with { Teacher = reason is null ? 1 : null, NotApplicableReason = reason }));
        }

        return findings;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ResultChart> Charts(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        MeasurementTable table = measurements.Table(TestTable);
        ChartPlace[] places =
        [
            .. new[] { ("the teacher", MeasurementKey.OwnTeacher), ("the other teacher", MeasurementKey.OtherTeacher) }
                .Where(p => table.Keys.Any(k => k.Measure == Fooled && k.Teacher == p.Item2))
                .Select(p => new ChartPlace(p.Item1, table, Fooled, p.Item2)),
        ];
        return Chart(
            ChartKind.Bars,
            "Fooled by adversarial images of each teacher",
            "Of the images that fool the teacher which they were crafted against, the share that changes a student's own prediction. The two attacks are compared only where independent students are fooled as often by both; the findings' notes say whether.",
            "images crafted against",
            "fooled",
            places,
            new ChartLevels(places, measurements).OfStudents(builder));
    }

    /// <summary>Whether each student is right on the unchanged images.</summary>
    private static void AddCorrect(MeasurementTable table, AnalysisSubject subject, ImageSample sample)
    {
        using var scope = new TensorScope();
        foreach (SubjectModel student in subject.StudentModels())
        {
            Tensor logits = subject.CleanLogits(student.Classifier, subject.Test).IndexSelect(0, sample.Positions);
            table.Add(new MeasurementKey(Correct, student.Method, student.Seed), ClassificationMetrics.CorrectPerImage(logits, sample.Labels));
        }
    }

    private FindingTexts Texts(string method, IReadOnlyList<string> notes) => new()
    {
        Analysis = Name,
        Measure = "fooling-rate",
        Title = "Fooled by images crafted against the teacher",
        Question = Question,
        Unit = FindingUnit.Share,
        Method = method,
        Notes = notes,
        ReasonLead = "Of the images that fool the teacher, {student} fool its students and {independent} the independent students",
    };
}
