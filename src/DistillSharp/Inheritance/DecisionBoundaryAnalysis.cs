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
        + "for which student and teacher choose the same class.";

    /// <inheritdoc/>
    public override string Paper =>
        "Ojha, Li, Sundara Rajan, Liang, Lee: What Knowledge Gets Distilled in Knowledge Distillation? NeurIPS 2023; "
        + "Somepalli et al.: Can Neural Nets Learn the Same Model Twice? CVPR 2022";

    /// <inheritdoc/>
    public override IReadOnlyList<OptionSpec> Options { get; } =
    [
        new OptionSpec("triplets", OptionKind.Integer, 50L, "How many planes; a plane is one unit of the intervals, so there should be 30 or more", Minimum: 2, Maximum: 100000),
        new OptionSpec("resolution", OptionKind.Integer, 50L, "Points a side of a plane's grid; every model answers triplets times this squared points", Minimum: 2, Maximum: 1000),
        new OptionSpec("pictures", OptionKind.Integer, 4L, "At most so many planes are drawn", Minimum: 0, Maximum: 100),
    ];

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check(OptionValues options, AnalysisSetting setting) => setting.Classes < 3
        ? [new OptionProblem(null, FormattableString.Invariant($"expected images of at least three classes, for planes through images of three, found {setting.Classes}."))]
        : [];

    /// <inheritdoc/>
    public override Measurements Measure(AnalysisSubject subject, OptionValues options, IProgress<AnalysisProgress>? progress = null)
    {
        using var scope = new TensorScope();
        var facts = new List<MeasurementFact>();
        DegenerateModels.Record(facts, TestTable, subject, subject.Test);
        (List<int[]> triplets, List<ImagePlane> planes) = Planes(subject, options, facts);
        ImageSet test = subject.Test;
        var table = new MeasurementTable(PlaneTable, [.. triplets.Select(t => test.Indices[t[0]])], [.. triplets.Select(t => test.Classes[t[0]])]);
        table.Add(new MeasurementKey("second-image"), [.. triplets.Select(t => (double)test.Indices[t[1]])]);
        table.Add(new MeasurementKey("third-image"), [.. triplets.Select(t => (double)test.Indices[t[2]])]);
        var answered = new MeasurementTable(TestTable, test.Indices, test.Classes);
        var pictures = new PlanePictures(subject, triplets, planes, options.Integer("pictures"));
        SubjectModel[] students = [.. subject.StudentModels()];
        int total = students.Length + subject.Teachers().Count(), done = 0;
        var teachers = new Dictionary<string, int[][]>();
        foreach ((string name, ImageClassifier model) in subject.Teachers())
        {
            string words = name == MeasurementKey.OwnTeacher ? "teacher" : "other teacher";
            progress?.Report(new AnalysisProgress($"planes of the {words}", done++, total));
            int[][] answers = [.. planes.Select(p => PlaneAnswers.Of(model, p, subject))];
            teachers.Add(name, answers);
            pictures.Add(words, answers);
            var key = new MeasurementKey("", MeasurementKey.TeacherModel, null, name);
            table.Add(key with { Measure = Region }, Array.ConvertAll(answers, a => DegenerateModels.Largest(a.Where(c => c >= 0))));
            answered.Add(key with { Measure = Answer }, Array.ConvertAll(ClassificationMetrics.FinitePredictions(subject.CleanLogits(model, test)), c => (double)c));
        }

        foreach (SubjectModel student in students)
        {
            progress?.Report(new AnalysisProgress($"planes of {student.Method}, seed {student.Seed}", done++, total));
            int[][] answers = [.. planes.Select(p => PlaneAnswers.Of(student.Classifier, p, subject))];
            foreach ((string teacher, int[][] wanted) in teachers)
            {
                table.Add(new MeasurementKey(Agreement, student.Method, student.Seed, teacher), [.. wanted.Zip(answers, PlaneAnswers.Agreement)]);
            }

            if (student.Seed == subject.Seeds[0])
            {
                pictures.Add(student.Method, answers);
            }
        }

        return new Measurements(Name, [table, answered], facts, pictures.Tables(Name));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Conclude(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        MeasurementTable table = measurements.Table(PlaneTable);
        var degenerate = new DegenerateModels(measurements, measurements.Table(TestTable));
        var scores = new StudentScores(table, degenerate);
        var findings = new List<Finding>();
        foreach (string method in scores.Methods(Agreement))
        {
            FindingScores levels = scores.Levels(Agreement, method);
            string? reason = levels.NotApplicableReason ?? Reason(table);
            List<string> notes =
            [
                .. scores.SeedNotes(Agreement, method), .. degenerate.Notes(method, levels.Seeds), .. StudentScores.OtherNotes(levels), .. Notes(measurements, table, options),
            ];
            findings.Add(builder.Build(Texts(method, notes), levels with { Teacher = reason is null ? 1 : null, NotApplicableReason = reason }));
        }

        return findings;
    }

    private static (List<int[]> Triplets, List<ImagePlane> Planes) Planes(AnalysisSubject subject, OptionValues options, List<MeasurementFact> facts)
    {
        using var scope = new TensorScope();
        var triplets = new List<int[]>();
        var planes = new List<ImagePlane>();
        IReadOnlyList<int[]> drawn = ImageTriplets.Draw(subject.Test.Classes, options.Integer("triplets"));
        foreach (int[] triplet in drawn)
        {
            Tensor rows = Tensor.From(Array.ConvertAll(triplet, i => (long)i)).To(subject.Test.Images.Device);
            if (ImagePlane.Through(subject.Test.Images.IndexSelect(0, rows), options.Integer("resolution")) is { } plane)
            {
                triplets.Add(triplet);
                planes.Add(plane);
            }
        }

        facts.Add(new MeasurementFact(new MeasurementKey(OnOneLine), drawn.Count - planes.Count));
        return (triplets, planes);
    }

    private static string? Reason(MeasurementTable table)
    {
        if (table.Images.Count < 2)
        {
            return "There are no two planes through test images of three different classes.";
        }

        double[] regions = table[new MeasurementKey(Region, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher)];
        return regions.All(r => r is 0 or 1) ? "The teacher gives one class for all points of each plane: there is no boundary to share." : null;
    }

    private static IEnumerable<string> Notes(Measurements measurements, MeasurementTable table, OptionValues options)
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

        if (measurements.Fact(new MeasurementKey(OnOneLine)) is { Value: > 0 } lines)
        {
            yield return $"Three images on one line, left out: {lines.Value.ToString(CultureInfo.InvariantCulture)} triplets.";
        }
    }

    private FindingTexts Texts(string method, IReadOnlyList<string> notes) => new()
    {
        Analysis = Name,
        Measure = "plane-agreement",
        Title = "Same class as the teacher on planes through test images",
        Question = Question,
        Unit = "share",
        Method = method,
        Notes = notes,
        ReasonLead = "On planes through three test images students choose the teacher's class at {student} of the points, independent students at {independent}",
    };
}
