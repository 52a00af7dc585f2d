using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Whether students trust shape or texture as their teacher does (Ojha et al. 2023, section 11.5; Geirhos et al. 2019).</summary>
public sealed class ShapeBiasAnalysis : Analysis
{
    private const string Shape = "shape";
    private const string SameCue = "same-cue";
    private const string ByCue = "decided-by-cue";
    private const string Bias = "shape-bias";
    private const string Needed = "decided-needed";
    private const string Single = "one-class";
    private const string Frequent = "most-frequent-answer";
    private const string CueTable = "cue-conflict";
    private const string TestTable = "test";
    private const double OneAnswer = 0.99;

    /// <inheritdoc/>
    public override string Name => "shape-bias";

    /// <inheritdoc/>
    public override string Title => "Shape bias";

    /// <inheritdoc/>
    public override string Question => "Does the student trust shape or texture as its teacher does?";

    /// <inheritdoc/>
    public override string Description =>
        "Images with the shape of one class and the texture of another. Of the answers that are either of the two, the share that is the shape's is a model's shape bias; "
        + "the question is whether distillation moves it from that of independent students towards the teacher's. A second measure is how often student and teacher follow the same cue.";

    /// <inheritdoc/>
    public override string Paper =>
        "Ojha, Li, Sundara Rajan, Liang, Lee: What Knowledge Gets Distilled in Knowledge Distillation? NeurIPS 2023; "
        + "Geirhos et al.: ImageNet-trained CNNs are biased towards texture, ICLR 2019";

    /// <inheritdoc/>
    public override IReadOnlyList<OptionSpec> Options { get; } =
    [
        new OptionSpec("images", OptionKind.Integer, 2000L, "At most so many test images give a shape: a fixed random part, the same for all models", Minimum: 2),
        .. TestDomains.CueOptions,
        new OptionSpec("least-decided", OptionKind.Number, null, "Share of the images that the teacher must decide by shape or texture; clearly more than chance where left out", Minimum: 0, Maximum: 1),
        new OptionSpec("least-gap", OptionKind.Number, 0.05, "Difference in shape bias between the teacher and independent students below which there is nothing to move towards", Minimum: 0, Maximum: 1),
        new OptionSpec("pictures", OptionKind.Integer, 6L, "At most so many examples are shown, one a class", Minimum: 0, Maximum: 100),
    ];

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check(OptionValues options, AnalysisSetting setting) => setting.Classes < 2
        ? [new OptionProblem(null, "expected images of at least two classes, so that shape and texture can disagree, found one.")]
        : TestDomains.CheckCues(options, setting);

    /// <inheritdoc/>
    public override Measurements Measure(AnalysisSubject subject, OptionValues options, IProgress<AnalysisProgress>? progress = null)
    {
        using var scope = new TensorScope();
        using var sample = new ImageSample(subject.Test, options.Integer("images"));
        var facts = new List<MeasurementFact>();
        var known = new MeasurementTable(TestTable, sample.Indices, sample.Classes);
        DegenerateModels.Record(facts, TestTable, subject, subject.Test, sample.Positions);
        bool single = sample.Classes.Distinct().Count() < 2;
        facts.Add(new MeasurementFact(new MeasurementKey(Single), single ? 1 : 0));
        var table = new MeasurementTable(CueTable, sample.Indices, sample.Classes);

        // With one class shape and texture are the same images: nothing can be decided, and the columns say so.
        ImageDomain domain = single ? new ImageDomain(CueTable, subject.Test, [.. sample.Classes]) : TestDomains.CueConflicting(sample, options);
        int[] textures = domain.TextureClasses!;
        table.Add(new MeasurementKey("texture-class"), Array.ConvertAll(textures, c => (double)c));
        int total = subject.Teachers().Count() + subject.StudentModels().Count() + subject.CrossStudents.Sum(g => g.BySeed.Count), done = 0;
        double[] Cues(ImageClassifier model, MeasurementKey key, string what)
        {
            progress?.Report(new AnalysisProgress($"cue-conflict images: {what}", done++, total));
            using var inner = new TensorScope();
            int[] answers = single ? [.. sample.Classes.Select(_ => -1)] : ClassificationMetrics.FinitePredictions(subject.CleanLogits(model, domain.Set));
            double[] cues = [.. answers.Select((a, i) => a == sample.Classes[i] ? 1 : a == textures[i] ? 0 : double.NaN)];
            facts.Add(new MeasurementFact(key with { Measure = ByCue }, cues.Average(c => double.IsNaN(c) ? 0.0 : 1.0)));
            facts.Add(new MeasurementFact(key with { Measure = Bias }, Scores.Mean(cues)));
            double frequent = DegenerateModels.Largest(answers.Where(a => a >= 0));
            facts.Add(new MeasurementFact(key with { Measure = Frequent }, frequent));
            return cues;
        }

        var teachers = new Dictionary<string, double[]>();
        foreach ((string name, ImageClassifier model) in subject.Teachers())
        {
            var key = new MeasurementKey(Shape, MeasurementKey.TeacherModel, null, name);
            double[] cues = Cues(model, key, name == MeasurementKey.OwnTeacher ? "teacher" : "other teacher");
            teachers.Add(name, cues);
            table.Add(key, cues);
            double chance = Math.Min(1, 2.0 / subject.CleanLogits(model, subject.Test).Size(1));
            facts.Add(new MeasurementFact(key with { Measure = Needed }, options.Has("least-decided") ? options.Number("least-decided") : DegenerateModels.ClearlyAbove(chance)));
        }

        foreach (SubjectModel student in subject.StudentModels())
        {
            var key = new MeasurementKey(Shape, student.Method, student.Seed, MeasurementKey.OwnTeacher);
            double[] cues = Cues(student.Classifier, key, $"{student.Method}, seed {student.Seed}");
            table.Add(key, cues);
            foreach ((string teacher, double[] wanted) in teachers)
            {
                table.Add(key with { Measure = SameCue, Teacher = teacher }, [.. wanted.Zip(cues, (t, s) => double.IsNaN(t + s) ? double.NaN : t == s ? 1 : 0)]);
            }

            // A student's shape bias is its own, so its control is the student of the same method and seed that had the other teacher.
            if (subject.CrossStudents.Count > 0)
            {
                MeasurementKey control = key with { Teacher = MeasurementKey.OtherTeacher };
                ImageClassifier? cross = student.Method == MeasurementKey.Independent
                    ? student.Classifier
                    : subject.CrossStudents.FirstOrDefault(g => g.Method == student.Method)?.BySeed.GetValueOrDefault(student.Seed);
                double[] other = cross is null ? [.. cues.Select(_ => double.NaN)]
                    : cross == student.Classifier ? cues
                    : Cues(cross, control, $"{student.Method} of the other teacher, seed {student.Seed}");
                table.Add(control, other);
            }
        }

        var pictures = new DomainPictures(subject, sample, single ? 0 : options.Integer("pictures"), Name);
        if (!single)
        {
            pictures.Add("image", sample.Images, m => subject.CleanLogits(m, subject.Test).IndexSelect(0, sample.Positions));
            pictures.Add(CueTable, domain.Set.Images, m => subject.CleanLogits(m, domain.Set), at => subject.ClassNames[textures[at]]);
        }

        return new Measurements(Name, [table, known], facts, pictures.Tables(Name));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Conclude(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        MeasurementTable table = measurements.Table(CueTable);
        var degenerate = new DegenerateModels(measurements, measurements.Table(TestTable));
        var scores = new StudentScores(table, degenerate);
        var findings = new List<Finding>();
        foreach (string measure in new[] { Shape, SameCue })
        {
            foreach (string method in scores.Methods(measure))
            {
                FindingScores levels = scores.Levels(measure, method);
                double teacher = Number(measurements, Bias, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher);
                double independent = Scores.Mean(levels.Seeds.Where(s => !degenerate.Contains(MeasurementKey.Independent, s))
                    .Select(s => Number(measurements, Bias, MeasurementKey.Independent, s, MeasurementKey.OwnTeacher)));
                string? reason = levels.NotApplicableReason ?? Undecided(measurements) ?? (measure == Shape && levels.HasFloor ? NoGap(teacher, independent, options) : null);
                List<string> notes = [.. scores.SeedNotes(measure, method), .. degenerate.Notes(method, levels.Seeds)];
                if (measure == Shape)
                {
                    // Where students start is what independent ones show. Without them: on which side of the teacher the students themselves are.
                    double start = levels.HasFloor ? independent : Scores.Mean(levels.StudentOwn);
                    levels = WithoutOneAnswer(measurements, levels, method, notes) with { HigherIsCloser = !(teacher < start) };
                    if (reason is null && levels.HasFloor)
                    {
                        notes.Add(teacher < independent
                            ? "Closer to the teacher is lower here: the teacher trusts texture more than independent students do."
                            : "Closer to the teacher is higher here: the teacher trusts shape more than independent students do.");
                    }

                    notes.AddRange(ShapeNotes(measurements, table, method, levels, teacher, independent));
                }

                notes.AddRange(StudentScores.OtherNotes(levels));
                notes.AddRange(CueNotes(measurements, method, levels));
                findings.Add(builder.Build(
                    Texts(measure, method, notes), levels with { Teacher = reason is not null ? null : measure == Shape ? teacher : 1, NotApplicableReason = reason }));
            }
        }

        return findings;
    }

    private static double Number(Measurements measurements, string measure, string method, int? seed, string teacher) =>
        measurements.Fact(new MeasurementKey(measure, method, seed, teacher))?.Value ?? double.NaN;

    private static string? Undecided(Measurements measurements)
    {
        if (measurements.Fact(new MeasurementKey(Single))?.Value == 1)
        {
            return "All images are of one class, so shape and texture cannot disagree.";
        }

        double decided = Number(measurements, ByCue, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher);
        double needed = Number(measurements, Needed, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher);
        return decided > 0 && decided >= needed
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The teacher decides {100 * decided:0.#} % of the cue-conflict images by shape or texture; at least {100 * needed:0.#} % are needed (option least-decided).");
    }

    private static string? NoGap(double teacher, double independent, OptionValues options) =>
        Math.Abs(teacher - independent) >= options.Number("least-gap")
            ? null
            : double.IsNaN(independent)
                ? "No independent student decides any image by shape or texture."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"The teacher's shape bias is {100 * teacher:0.#} %, that of independent students {100 * independent:0.#} %: they differ by less than {100 * options.Number("least-gap"):0.#} points, so there is nothing to move towards (option least-gap).");

    /// <summary>Takes out the control's seeds whose student of the other teacher gives one class for nearly all images.</summary>
    private static FindingScores WithoutOneAnswer(Measurements measurements, FindingScores levels, string method, List<string> notes)
    {
        if (levels.StudentOther is not { } other)
        {
            return levels;
        }

        int[] seeds = [.. levels.Seeds.Where(s => Number(measurements, Frequent, method, s, MeasurementKey.OtherTeacher) >= OneAnswer)];
        if (seeds.Length > 0)
        {
            notes.Add($"Gives one class for nearly all cue-conflict images and is no control: {method} student of the other teacher, seed {string.Join(", ", seeds)}.");
        }

        return levels with { StudentOther = [.. other.Select((values, i) => seeds.Contains(levels.Seeds[i]) ? Array.ConvertAll(values, _ => double.NaN) : values)], OtherIsStudent = true };
    }

    private static IEnumerable<string> ShapeNotes(
        Measurements measurements, MeasurementTable table, string method, FindingScores levels, double teacher, double independent)
    {
        string own = Listed(levels.Seeds.Select(s => Number(measurements, Bias, method, s, MeasurementKey.OwnTeacher)));
        string floor = levels.HasFloor ? string.Create(CultureInfo.InvariantCulture, $", independent students {100 * independent:0.#} % on average") : "";
        yield return $"Shape bias on all images that a model itself decides by a cue: {method} students {own} %{floor}.";
        double student = Scores.Mean(levels.Seeds.Select(s => Number(measurements, Bias, method, s, MeasurementKey.OwnTeacher)));
        if ((teacher > independent && student > teacher) || (teacher < independent && student < teacher))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The students went past the teacher ({100 * teacher:0.#} %): further than to it is counted as closer.");
        }

        double third = Number(measurements, Bias, MeasurementKey.TeacherModel, null, MeasurementKey.OtherTeacher);
        if (levels.StudentOther is not null && !double.IsNaN(third))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The control is the students of the other teacher, whose shape bias is {100 * third:0.#} %.");
        }
        else if (table.Keys.Any(k => k.Measure == SameCue && k.Teacher == MeasurementKey.OtherTeacher))
        {
            yield return "There are no students of the other teacher, which are the control of this measure.";
        }
    }

    private static IEnumerable<string> CueNotes(Measurements measurements, string method, FindingScores levels)
    {
        double teacher = Number(measurements, ByCue, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher);
        string Decided(string label) => Listed(levels.Seeds.Select(s => Number(measurements, ByCue, label, s, MeasurementKey.OwnTeacher)));
        string floor = levels.HasFloor ? $", independent students {Decided(MeasurementKey.Independent)} %" : "";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Decided by shape or texture, of all cue-conflict images: teacher {100 * teacher:0.#} %, {method} students {Decided(method)} %{floor}. Other images are left out.");
    }

    private static string Listed(IEnumerable<double> shares) => string.Join(", ", shares.Select(s => (100 * s).ToString("0.#", CultureInfo.InvariantCulture)));

    private FindingTexts Texts(string measure, string method, IReadOnlyList<string> notes) => measure == Shape
        ? new FindingTexts
        {
            Analysis = Name,
            Measure = "shape-bias",
            Title = "Shape bias",
            Question = "Does distillation move the student's shape bias from that of independent students towards its teacher's?",
            Unit = FindingUnit.Share,
            Method = method,
            Notes = notes,
            ReasonLead = "Where both decide by shape or texture, students follow the shape on {student} of the images, independent students on {independent}",
        }
        : new FindingTexts
        {
            Analysis = Name,
            Measure = "same-cue",
            Title = "Same cue as the teacher",
            Question = "Where shape and texture disagree, does the student follow the cue that its teacher follows?",
            Unit = FindingUnit.Share,
            Method = method,
            Notes = notes,
            ReasonLead = "Students follow the cue that their teacher follows on {student} of the cue-conflict images, independent students on {independent}",
        };
}
