using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Whether students look where their teacher looks (Ojha et al. 2023, section 4.1).</summary>
public sealed class LocalizationAnalysis : Analysis
{
    private const string Cosine = "cosine";
    private const string ZeroMaps = "all-zero-maps";
    private const string Refused = "refused";
    private const string MapSize = "map-size";
    private const string TestTable = "test";
    private const string TrueClass = "true-class";
    private const string EachClass = "each-class";
    private const string BoxMargin = "box-margin";

    /// <summary>Where more of a seed's images than this have no map to compare, a note says that the finding rests on a selected part.</summary>
    private const double SelectedShare = 0.3;

    /// <inheritdoc/>
    public override string Name => "localization";

    /// <inheritdoc/>
    public override string Title => "Localization";

    /// <inheritdoc/>
    public override string Question => "Does the student look where its teacher looks?";

    /// <inheritdoc/>
    public override string Description =>
        "Maps of the true class on test images (Grad-CAM, Grad-CAM++ or Score-CAM). The measure is the share of images on which the distilled student's map is closer (cosine) "
        + "to the teacher's than the map of the independent student of the same seed. Where images have boxes, also how much of a map lies in the object's box, and whether its maximum does.";

    /// <inheritdoc/>
    public override string Paper => Papers.Ojha2023;

    /// <inheritdoc/>
    public override IReadOnlyList<OptionSpec> Options { get; } =
    [
        new OptionSpec("images", OptionKind.Integer, 2000L, "At most so many test images are looked at: a fixed random part, the same for all models", Minimum: 2),
        new OptionSpec("map", OptionKind.Text, "grad-cam", "Which maps: grad-cam (as published), grad-cam++, or score-cam, which needs no gradients and one pass for each channel", Choices: [.. MapMethod.All.Select(m => m.Name)]),
        new OptionSpec("of", OptionKind.Text, TrueClass, "The class that is looked for: true-class (as published), or each-class, all classes' maps compared together", Choices: [TrueClass, EachClass]),
        new OptionSpec("most-channels", OptionKind.Integer, 64L, "At most so many channels of each image count in score-cam: those whose values differ most", Minimum: 1),
        new OptionSpec("student-layer", OptionKind.StudentLayer, null, "Layer of the students whose maps are taken; the last layer with maps where left out"),
        new OptionSpec("teacher-layer", OptionKind.TeacherLayer, null, "Layer of the teachers whose maps are taken; the last layer with maps where left out"),
        new OptionSpec(BoxMargin, OptionKind.Number, null, "Where images have boxes: the teacher's figure must be larger than the independent students' by at least this; else it has no skill at finding objects to pass on; 0.05 where left out", Minimum: 0, Maximum: 1),
        new OptionSpec("pictures", OptionKind.Integer, 6L, "At most so many examples are shown, one a class", Minimum: 0, Maximum: 100),
    ];

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check(OptionValues options, AnalysisSetting setting)
    {
        foreach ((string option, IReadOnlyDictionary<string, long[]>? layers) in new[] { ("student-layer", setting.StudentLayers), ("teacher-layer", setting.TeacherLayers) })
        {
            if (options.Has(option) && layers?.GetValueOrDefault(options.Text(option)) is { } shape && !IsMap(shape))
            {
                string[] maps = [.. layers.Where(l => IsMap(l.Value)).Select(l => $"{l.Key} ({l.Value[1]}x{l.Value[2]})").TakeLast(12)];
                string advice = maps.Length == 0 ? "No layer of this network gives out such maps." : $"Layers with larger maps: {string.Join(", ", maps)}.";
                yield return new OptionProblem(option, $"expected a layer that gives out maps of more than one pixel, found '{options.Text(option)}', which gives out [{string.Join(", ", shape)}] for an image. {advice}");
            }
        }

        static bool IsMap(long[] shape) => shape.Length == 3 && shape[1] * shape[2] > 1;
    }

    /// <inheritdoc/>
    public override Measurements Measure(AnalysisSubject subject, OptionValues options, IProgress<AnalysisProgress>? progress = null)
    {
        using var scope = new TensorScope();
        using var sample = new ImageSample(subject.Test, options.Integer("images"));
        var facts = new List<MeasurementFact>();
        var table = new MeasurementTable(TestTable, sample.Indices, sample.Classes);
        DegenerateModels.Record(facts, TestTable, subject, subject.Test, sample.Positions);

        BoxTable? boxes = BoxTable.For(subject, sample, facts);
        SubjectModel[] students = [.. subject.StudentModels()], crossStudents = boxes is null ? [] : [.. subject.CrossStudentModels()];
        int total = students.Length + crossStudents.Length + subject.Teachers().Count(), done = 0;
        double[]? teacherEnergy = null;
        var teachers = new Dictionary<string, ClassMaps>();
        foreach ((string name, ImageClassifier model) in subject.Teachers())
        {
            progress?.Report(new AnalysisProgress($"maps of the {(name == MeasurementKey.OwnTeacher ? "" : "other ")}teacher", done++, total));
            var key = new MeasurementKey("", MeasurementKey.TeacherModel, null, name);
            ClassMaps? maps = Maps(subject, model, TeacherLayer(name, model, options), sample, options, key, facts);
            double[]? energy = boxes?.Add(key, maps);
            teacherEnergy ??= energy;
            if (maps is not null)
            {
                teachers.Add(name, maps);
            }
        }

        var pictures = new LocalizationPictures(subject, sample, MapMethod.Get(options.Text("map")).Title, options.Integer("pictures"), teachers.GetValueOrDefault(MeasurementKey.OwnTeacher), teacherEnergy);
        foreach (SubjectModel student in students)
        {
            progress?.Report(new AnalysisProgress($"maps of {student.Method}, seed {student.Seed}", done++, total));
            using var inner = new TensorScope();
            ClassMaps? maps = Maps(subject, student.Classifier, StudentLayer(student, options), sample, options, new MeasurementKey("", student.Method, student.Seed), facts);
            double[]? energy = boxes?.Add(new MeasurementKey("", student.Method, student.Seed, MeasurementKey.OwnTeacher), maps), own = null;
            foreach ((string teacher, ClassMaps wanted) in teachers)
            {
                double[] cosines = maps is null ? Missing(sample.Count) : maps.Cosines(wanted);
                own ??= teacher == MeasurementKey.OwnTeacher ? cosines : null;
                table.Add(new MeasurementKey(Cosine, student.Method, student.Seed, teacher), cosines);
            }

            if (own is null)
            {
                // Kept, so that a finding can name each method and say why it does not apply.
                table.Add(new MeasurementKey(Cosine, student.Method, student.Seed, MeasurementKey.OwnTeacher), Missing(sample.Count));
            }
            else if (maps is not null)
            {
                pictures.Add(student, maps, own, energy);
            }
        }

        // How well a student finds objects is its own, so its control is the student that the other teacher made.
        foreach (SubjectModel student in crossStudents)
        {
            progress?.Report(new AnalysisProgress($"maps of {student.Method} of the other teacher, seed {student.Seed}", done++, total));
            using var inner = new TensorScope();
            var key = new MeasurementKey("", student.Method, student.Seed, MeasurementKey.OtherTeacher);
            boxes!.Add(key, Maps(subject, student.Classifier, StudentLayer(student, options), sample, options, key, facts));
        }

        return new Measurements(Name, boxes is null ? [table] : [table, boxes.Table], facts, pictures.Tables(Name));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Conclude(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        MeasurementTable table = measurements.Table(TestTable);
        var degenerate = new DegenerateModels(measurements, table);
        var scores = new StudentScores(table, degenerate);
        var findings = new List<Finding>();
        foreach (string method in scores.Methods(Cosine))
        {
            bool floor = scores.HasFloor(Cosine);
            FindingScores compared = floor ? scores.Comparisons(Cosine, method) : scores.Levels(Cosine, method);
            string? reason = compared.NotApplicableReason ?? Reason(measurements, method, compared.Seeds, table.Images.Count);
            List<string> notes =
            [
                .. scores.SeedNotes(Cosine, method), .. WithoutBoxes(measurements), .. degenerate.Notes(method, compared.Seeds), .. Notes(measurements, table, scores, method, compared.Seeds),
                .. Kind(options), .. Selected(compared), .. StudentScores.OtherNotes(compared),
            ];
            findings.Add(builder.Build(floor ? Texts(method, notes) : LevelTexts(method, notes), compared with { Teacher = reason is null ? 1 : null, NotApplicableReason = reason }));
        }

        if (measurements.FindTable(BoxTable.Name) is { } boxes)
        {
            var found = new BoxFindings(measurements, boxes, options.Has(BoxMargin) ? options.Number(BoxMargin) : BoxFindings.UsualMargin);
            findings.AddRange(found.Conclude(builder, Texts("", []), (method, seeds) => Reason(measurements, method, seeds, table.Images.Count), [.. Kind(options)]));
        }

        return findings;
    }

    private static string StudentLayer(SubjectModel student, OptionValues options) =>
        options.Has("student-layer") ? options.Text("student-layer") : student.Classifier.Network.LastMapLayer;

    private static double[] Missing(int count) => [.. Enumerable.Repeat(double.NaN, count)];

    /// <summary>The layer asked for; the last one with maps also for another teacher that has no layer of that name.</summary>
    private static string TeacherLayer(string name, ImageClassifier model, OptionValues options)
    {
        bool known = options.Has("teacher-layer")
            && (name == MeasurementKey.OwnTeacher || model.Network.NamedModules().Any(m => m.Key == options.Text("teacher-layer")));
        return known ? options.Text("teacher-layer") : model.Network.LastMapLayer;
    }

    /// <summary>The maps <c>[n, h, w]</c> of a model, with what is worth knowing of them as facts; null where its layer gives out none of use.</summary>
    private static ClassMaps? Maps(
        AnalysisSubject subject, ImageClassifier model, string layer, ImageSample sample, OptionValues options, MeasurementKey key, List<MeasurementFact> facts)
    {
        try
        {
            int? classes = options.Text("of") == EachClass ? subject.ClassNames.Count : null;
            ClassMaps maps = ClassMaps.Of(MapMethod.Get(options.Text("map")), model, layer, sample, classes, options.Integer("most-channels"), subject.GradientSlice);
            facts.Add(new MeasurementFact(key with { Measure = ZeroMaps }, maps.AreZero().Count(zero => zero)));
            facts.Add(new MeasurementFact(key with { Measure = MapSize }, double.NaN, $"{layer}, {maps.Size}"));
            return maps;
        }
        catch (MapSizeException e)
        {
            facts.Add(new MeasurementFact(key with { Measure = Refused }, double.NaN, e.Message));
            return null;
        }
    }

    private static string? Reason(Measurements measurements, string method, IReadOnlyList<int> seeds, int images)
    {
        var own = new MeasurementKey("", MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher);
        IEnumerable<MeasurementKey> needed = seeds.SelectMany(s => new MeasurementKey[] { new("", method, s), new("", MeasurementKey.Independent, s) }).Prepend(own);
        foreach (MeasurementKey key in needed)
        {
            if (measurements.Fact(key with { Measure = Refused }) is { } refused)
            {
                return $"No map of the {(key == own ? "teacher" : key.Method + " student")}: {refused.Text}";
            }
        }

        return measurements.Fact(own with { Measure = ZeroMaps })?.Value == images
            ? $"The teacher's map is zero throughout on all {images.ToString(CultureInfo.InvariantCulture)} images."
            : null;
    }

    private static IEnumerable<string> Notes(Measurements measurements, MeasurementTable table, StudentScores scores, string method, IReadOnlyList<int> seeds)
    {
        var own = new MeasurementKey("", MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher);
        MeasurementKey other = own with { Teacher = MeasurementKey.OtherTeacher };
        foreach ((string name, MeasurementKey key) in new[] { ("teacher", own), ("other teacher", other) })
        {
            if (measurements.Fact(key with { Measure = ZeroMaps }) is { Value: > 0 } zero)
            {
                yield return $"All-zero maps, left out: {name}, {zero.Value} of {table.Images.Count} images.";
            }
        }

        if (measurements.Fact(other with { Measure = Refused }) is { } refused)
        {
            yield return $"The other teacher is not used as a control: {refused.Text}";
        }

        foreach (string label in new[] { method, MeasurementKey.Independent })
        {
            double[] zeros = [.. seeds.Select(s => measurements.Fact(new MeasurementKey(ZeroMaps, label, s))?.Value ?? 0)];
            if (zeros.Any(z => z > 0))
            {
                yield return $"All-zero maps, left out: {label} students, {string.Join(", ", zeros)} of {table.Images.Count} images (seeds {string.Join(", ", seeds)}).";
            }
        }

        int[] ties = !scores.HasFloor(Cosine) ? [] : [.. seeds.Select(s => scores.Column(Cosine, method, s, MeasurementKey.OwnTeacher)
            .Zip(scores.Column(Cosine, MeasurementKey.Independent, s, MeasurementKey.OwnTeacher)).Count(p => p.First == p.Second))];
        if (ties.Any(t => t > 0))
        {
            yield return $"Equally close, counted as one half: {string.Join(", ", ties)} images (seeds {string.Join(", ", seeds)}).";
        }

        if (seeds.Count > 0 && measurements.Fact(own with { Measure = MapSize })?.Text is { } teacher
            && measurements.Fact(new MeasurementKey(MapSize, method, seeds[0]))?.Text is { } student)
        {
            yield return $"Maps: teacher {teacher}; students {student}; compared in the teacher's size.";
        }

        if (measurements.Fact(other with { Measure = MapSize })?.Text is { } third)
        {
            yield return $"Maps of the other teacher: {third}; compared in this size.";
        }
    }

    /// <summary>Why data with boxes have no findings of boxes.</summary>
    private static IEnumerable<string> WithoutBoxes(Measurements measurements) =>
        measurements.Fact(new MeasurementKey(BoxTable.Without)) is not null && measurements.FindTable(BoxTable.Name) is null
            ? ["None of the measured images has a box, so nothing is said of how well models find objects."]
            : [];

    /// <summary>What is compared, where it is not what was published.</summary>
    private static IEnumerable<string> Kind(OptionValues options)
    {
        MapMethod map = MapMethod.Get(options.Text("map"));
        if (map.Name != MapMethod.All[0].Name || options.Text("of") == EachClass)
        {
            yield return $"Compared are {map.Title} maps of {(options.Text("of") == EachClass ? "each class, all classes of an image together" : "the true class")}.";
        }
    }

    private static IEnumerable<string> Selected(FindingScores compared)
    {
        double excluded = StudentScores.ExcludedShare(compared.StudentOwn, compared.HasFloor ? compared.IndependentOwn : compared.StudentOwn);
        if (excluded > SelectedShare)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{100 * excluded:0.#} % of the images have no maps to compare: this finding rests on a selected part of the images, and need not hold for the others.");
        }
    }

    /// <summary>Which map is closer takes two students; without independent ones there is the cosine itself.</summary>
    private FindingTexts LevelTexts(string method, IReadOnlyList<string> notes) => new()
    {
        Analysis = Name,
        Measure = "map-cosine",
        Title = "Cosine of the student's map and its teacher's",
        Question = Question,
        Unit = Cosine,
        Method = method,
        Notes = [.. notes, "A cosine near 1 is easily reached by coarse maps. With independent students the measure is on how many images the student's map is the closer one."],
    };

    private FindingTexts Texts(string method, IReadOnlyList<string> notes) => new()
    {
        Analysis = Name,
        Measure = "map-closer",
        Title = "Images on which the student's map is the closer one",
        Question = Question,
        Unit = FindingUnit.Share,
        Method = method,
        Notes = notes,
        ReasonLead = "The student's map is closer to its teacher's than the independent student's map on {student} of the images ({independent} is expected where nothing is inherited: on average over students, not for one pair)",
    };
}
