using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Whether students divide the space between images as their teacher does (Ojha et al. 2023, section 6).</summary>
public sealed class DecisionBoundaryAnalysis : Analysis
{
    private const string Agreement = "agreement";
    private const string Answer = "answer";
    private const string Region = "largest-region";
    private const string PlaneTable = "planes";
    private const string TestTable = "test";
    private const string OnOneLine = "on-one-line";

    /// <inheritdoc/>
    public override string Name => "decision-boundary";

    /// <inheritdoc/>
    public override string Title => "Decision boundary";

    /// <inheritdoc/>
    public override string Question => "Does the student divide the space between images into classes as its teacher does?";

    /// <inheritdoc/>
    public override string Description =>
        "Planes through three test images of three classes, with a grid over the images' bounding box widened by a tenth on each side. The measure is the share of a plane's points "
        + "for which student and teacher choose the same class. With an attribute, each of its values (a domain, say) has planes of its own.";

    /// <inheritdoc/>
    public override string Paper =>
        "Ojha, Li, Sundara Rajan, Liang, Lee: What Knowledge Gets Distilled in Knowledge Distillation? NeurIPS 2023; "
        + "Somepalli et al.: Can Neural Nets Learn the Same Model Twice? CVPR 2022";

    /// <inheritdoc/>
    public override IReadOnlyList<OptionSpec> Options { get; } =
    [
        new OptionSpec("triplets", OptionKind.Integer, 50L, "How many planes; a plane is one unit of the intervals, so there should be 30 or more", Minimum: 2, Maximum: 100000),
        new OptionSpec("resolution", OptionKind.Integer, 50L, "Points a side of a plane's grid; every model answers triplets times this squared points", Minimum: 2, Maximum: 1000),
        ImageGroup.Option("An attribute of the test images, a domain, say: each of its values gets planes through images of its own, and a finding; where left out, planes go through any test images"),
        new OptionSpec("pictures", OptionKind.Integer, 4L, "At most so many planes are drawn, of each value of the attribute", Minimum: 0, Maximum: 100),
    ];

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check(OptionValues options, AnalysisSetting setting) => setting.Classes < 3
        ? [new OptionProblem(null, FormattableString.Invariant($"expected images of at least three classes, for planes through images of three, found {setting.Classes}."))]
        : ImageGroup.Check(options, setting);

    /// <inheritdoc/>
    public override Measurements Measure(AnalysisSubject subject, OptionValues options, IProgress<AnalysisProgress>? progress = null)
    {
        using var scope = new TensorScope();
        var facts = new List<MeasurementFact>();
        DegenerateModels.Record(facts, TestTable, subject, subject.Test);
        List<PlaneSet> sets = [.. Sets(subject, options)];
        facts.AddRange(sets.Select(s => new MeasurementFact(new MeasurementKey(OnOneLine, s.Value), s.OnOneLine)));
        ImageSet test = subject.Test;
        var answered = new MeasurementTable(TestTable, test.Indices, test.Classes);
        SubjectModel[] students = [.. subject.StudentModels()];
        int total = students.Length + subject.Teachers().Count(), done = 0;
        foreach ((string name, ImageClassifier model) in subject.Teachers())
        {
            string words = name == MeasurementKey.OwnTeacher ? "teacher" : "other teacher";
            progress?.Report(new AnalysisProgress($"planes of the {words}", done++, total));
            var key = new MeasurementKey("", MeasurementKey.TeacherModel, null, name);
            sets.ForEach(s => s.Ask(subject, key with { Measure = Region }, words, model));
            answered.Add(key with { Measure = Answer }, Array.ConvertAll(ClassificationMetrics.FinitePredictions(subject.CleanLogits(model, test)), c => (double)c));
        }

        foreach (SubjectModel student in students)
        {
            progress?.Report(new AnalysisProgress($"planes of {student.Method}, seed {student.Seed}", done++, total));
            sets.ForEach(s => s.Ask(subject, new MeasurementKey(Agreement, student.Method, student.Seed), student));
        }

        return new Measurements(Name, [.. sets.Select(s => s.Table), answered], facts, [.. sets.SelectMany(s => s.Pictures.Tables(Name))]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Conclude(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        var degenerate = new DegenerateModels(measurements, measurements.Table(TestTable));
        var findings = new List<Finding>();
        foreach (MeasurementTable table in measurements.Tables.Where(t => t.Name != TestTable))
        {
            string value = measurements.Facts.Where(f => f.Key.Measure == OnOneLine).Select(f => f.Key.Method).FirstOrDefault(v => TableOf(ImageGroup.KeyOf(v)) == table.Name, "");
            var scores = new StudentScores(table, degenerate);
            foreach (string method in scores.Methods(Agreement))
            {
                FindingScores levels = scores.Levels(Agreement, method);
                string? reason = levels.NotApplicableReason ?? Reason(table, value);
                List<string> notes =
                [
                    .. scores.SeedNotes(Agreement, method), .. degenerate.Notes(method, levels.Seeds), .. StudentScores.OtherNotes(levels), .. Notes(measurements, table, value, options),
                ];
                findings.Add(builder.Build(Texts(value, method, notes), levels with { Teacher = reason is null ? 1 : null, NotApplicableReason = reason }));
            }
        }

        return findings;
    }

    private static string TableOf(string key) => key.Length == 0 ? PlaneTable : $"{PlaneTable}-{key}";

    private static IEnumerable<PlaneSet> Sets(AnalysisSubject subject, OptionValues options)
    {
        if (!options.Has("attribute"))
        {
            yield return new PlaneSet(subject, options, "", PlaneTable, [.. Enumerable.Range(0, subject.Test.Count)]);
            yield break;
        }

        foreach (ImageGroup group in ImageGroup.Of(ImageGroup.Find(subject.Test.Attributes, options.Text("attribute"))))
        {
            yield return new PlaneSet(subject, options, group.Value, TableOf(group.Key), group.Rows);
        }
    }

    private static string? Reason(MeasurementTable table, string value)
    {
        if (table.Images.Count < 2)
        {
            return $"There are no two planes through {Words(value)} of three different classes.";
        }

        double[] regions = table[new MeasurementKey(Region, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher)];
        return regions.All(r => r is 0 or 1) ? "The teacher gives one class for all points of each plane: there is no boundary to share." : null;
    }

    private static IEnumerable<string> Notes(Measurements measurements, MeasurementTable table, string value, OptionValues options)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"A unit of the interval, called image elsewhere, is a plane of {options.Integer("resolution")}x{options.Integer("resolution")} points; there are {table.Images.Count}.");
        double[] regions = table[new MeasurementKey(Region, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher)];
        if (regions.Length > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The teacher's largest region takes {100 * regions.Average():0.#} % of a plane, on average.");
            int plain = regions.Count(r => r == 1);
            if (plain > 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"On {plain} of {regions.Length} planes the teacher gives one class throughout; they count.");
            }
        }

        if (measurements.Fact(new MeasurementKey(OnOneLine, value)) is { Value: > 0 } lines)
        {
            yield return $"Three images on one line, left out: {lines.Value.ToString(CultureInfo.InvariantCulture)} triplets.";
        }
    }

    private static string Words(string value) => value.Length == 0 ? "test images" : $"test images of '{value}'";

    private FindingTexts Texts(string value, string method, IReadOnlyList<string> notes) => new()
    {
        Analysis = Name,
        Measure = value.Length == 0 ? "plane-agreement" : $"plane-agreement-{ImageGroup.KeyOf(value)}",
        Title = $"Same class as the teacher on planes through {Words(value)}",
        Question = Question,
        Unit = FindingUnit.Share,
        Method = method,
        Notes = notes,
        ReasonLead = $"On planes through three {Words(value)} students choose the teacher's class at {{student}} of the points, independent students at {{independent}}",
    };
}
