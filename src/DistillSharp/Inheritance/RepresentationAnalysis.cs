using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Whether students represent images as their teacher does, layer by layer and in the penultimate layer (Ojha et al. 2023, section 11.6).</summary>
public sealed class RepresentationAnalysis : Analysis
{
    private const string Unbiased = "cka";
    private const string Plain = "cka-plain";
    private const string Neighbours = "neighbours";
    private const string Matched = "matched-layers";
    private const string Constant = "constant-layer";
    private const string Zero = "without-neighbours";
    private const string TestTable = "test";
    private const string BatchTable = "batches";
    private const ulong OrderSeed = 3;

    /// <inheritdoc/>
    public override string Name => "representation";

    /// <inheritdoc/>
    public override string Title => "Representation";

    /// <inheritdoc/>
    public override string Question => "Does the student represent images as its teacher does?";

    /// <inheritdoc/>
    public override string Description =>
        "Linear CKA between every layer of a student and every layer of its teacher, from batches, unbiased and plain; the measure is its mean over matched layers. "
        + "And the share of an image's nearest neighbours in the teacher's penultimate features that are its neighbours in the student's.";

    /// <inheritdoc/>
    public override string Paper =>
        "Ojha, Li, Sundara Rajan, Liang, Lee: What Knowledge Gets Distilled in Knowledge Distillation? NeurIPS 2023; "
        + "Nguyen, Raghu, Kornblith: Do Wide and Deep Networks Learn the Same Things? ICLR 2021; Huh, Cheung, Wang, Isola: The Platonic Representation Hypothesis, ICML 2024";

    /// <inheritdoc/>
    public override IReadOnlyList<OptionSpec> Options { get; } =
    [
        new OptionSpec("images", OptionKind.Integer, 2000L, "At most so many test images are looked at: a fixed random part, the same for all models", Minimum: 8),
        new OptionSpec("batch", OptionKind.Integer, 50L, "Images a batch; a batch is one unit of the intervals of CKA, so there should be 30 or more", Minimum: 4),
        new OptionSpec("student-layers", OptionKind.StudentLayers, null, "Layers of the students, from input to output; the network's features where left out"),
        new OptionSpec("teacher-layers", OptionKind.TeacherLayers, null, "Layers of the teachers, from input to output; the network's features where left out"),
        new OptionSpec("neighbours", OptionKind.Integer, 10L, "How many nearest neighbours of an image are compared", Minimum: 1),
        new OptionSpec("heat-maps", OptionKind.Boolean, true, "Whether the CKA of all pairs of layers is drawn"),
    ];

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check(OptionValues options, AnalysisSetting setting)
    {
        int images = Math.Min(options.Integer("images"), setting.TestImages), batch = options.Integer("batch"), near = options.Integer("neighbours");
        if (images / batch < 2)
        {
            yield return new OptionProblem("batch", FormattableString.Invariant($"expected at most {images / 2}, so that {images} test images make two whole batches, found {batch}."));
        }

        if (near >= images)
        {
            yield return new OptionProblem("neighbours", FormattableString.Invariant($"expected at most {images - 1}, fewer than the {images} test images, found {near}."));
        }

        foreach (string layers in new[] { "student-layers", "teacher-layers" })
        {
            if (options.Has(layers) && options.Texts(layers).Count == 0)
            {
                yield return new OptionProblem(layers, "expected at least one layer, found none; leave it out for the network's features.");
            }
        }
    }

    /// <inheritdoc/>
    public override Measurements Measure(AnalysisSubject subject, OptionValues options, IProgress<AnalysisProgress>? progress = null)
    {
        using var scope = new TensorScope();
        using var sample = new ImageSample(subject.Test, options.Integer("images"));
        int size = options.Integer("batch"), near = options.Integer("neighbours"), batches = sample.Count / size;
        var facts = new List<MeasurementFact>();
        DegenerateModels.Record(facts, TestTable, subject, subject.Test, sample.Positions);

        // Files of images are often sorted by class, and a batch must not be of one class.
        int[] order = Order(sample.Count);
        Tensor images = sample.Images.IndexSelect(0, Tensor.From(Array.ConvertAll(order, i => (long)i)).To(sample.Images.Device));
        var perImage = new MeasurementTable(TestTable, sample.Indices, sample.Classes);
        var perBatch = new MeasurementTable(BatchTable, [.. Enumerable.Range(0, batches).Select(b => sample.Indices[order[b * size]])], [.. Enumerable.Repeat(-1, batches)]);

        SubjectModel[] students = [.. subject.StudentModels()];
        int total = students.Length + subject.Teachers().Count(), done = 0;
        var teachers = new Dictionary<string, LayerFeatures>();
        var neighbours = new Dictionary<string, int[]?[]>();
        var maps = new CkaPictures(subject);
        try
        {
            foreach ((string name, ImageClassifier model) in subject.Teachers())
            {
                progress?.Report(new AnalysisProgress($"features of the {(name == MeasurementKey.OwnTeacher ? "" : "other ")}teacher", done++, total));
                LayerFeatures features = LayerFeatures.Of(model, TeacherLayers(name, model, options), images, size);
                teachers.Add(name, features);
                Describe(new MeasurementKey("", MeasurementKey.TeacherModel, null, name), features, facts);
                neighbours.Add(name, Find(features, near, new MeasurementKey(Zero, MeasurementKey.TeacherModel, null, name), facts));
            }

            foreach (SubjectModel student in students)
            {
                progress?.Report(new AnalysisProgress($"features of {student.Method}, seed {student.Seed}", done++, total));
                using var inner = new TensorScope();
                IReadOnlyList<string> layers = options.Has("student-layers") ? options.Texts("student-layers") : student.Classifier.Network.FeatureLayers;
                using LayerFeatures features = LayerFeatures.Of(student.Classifier, layers, images, size);
                Describe(new MeasurementKey("", student.Method, student.Seed), features, facts);
                int[]?[] own = Find(features, near, new MeasurementKey(Zero, student.Method, student.Seed), facts);
                foreach ((string teacher, LayerFeatures wanted) in teachers)
                {
                    var key = new MeasurementKey("", student.Method, student.Seed, teacher);
                    perImage.Add(key with { Measure = Neighbours }, Unordered(MutualNeighbours.Shared(neighbours[teacher], own), order));
                    var plain = new CkaComparison(features, wanted, unbiased: false);
                    var unbiased = new CkaComparison(features, wanted, unbiased: true);
                    perBatch.Add(key with { Measure = Unbiased }, unbiased.MatchedPerBatch);
                    perBatch.Add(key with { Measure = Plain }, plain.MatchedPerBatch);
                    facts.Add(new MeasurementFact(key with { Measure = Matched }, double.NaN, unbiased.MatchedText));
                    facts.AddRange(unbiased.Facts(Unbiased, key));
                    facts.AddRange(plain.Facts(Plain, key));
                    maps.Offer(student, teacher, unbiased);
                }
            }
        }
        finally
        {
            foreach (LayerFeatures features in teachers.Values)
            {
                features.Dispose();
            }
        }

        return new Measurements(Name, [perBatch, perImage], facts, options.Boolean("heat-maps") && batches > 0 ? maps.Tables(Name) : []);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Conclude(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        var degenerate = new DegenerateModels(measurements, measurements.Table(TestTable));
        var findings = new List<Finding>();
        foreach ((string measure, MeasurementTable table) in new[]
        {
            (Unbiased, measurements.Table(BatchTable)), (Plain, measurements.Table(BatchTable)), (Neighbours, measurements.Table(TestTable)),
        })
        {
            var scores = new StudentScores(table, degenerate);
            foreach (string method in scores.Methods(measure))
            {
                FindingScores levels = scores.Levels(measure, method);
                string? reason = levels.NotApplicableReason ?? (measure == Neighbours ? NoNeighbours(measurements, options) : NoCka(measurements, table, options));
                List<string> notes =
                [
                    .. scores.SeedNotes(measure, method), .. degenerate.Notes(method, levels.Seeds), .. StudentScores.OtherNotes(levels),
                    .. measure == Neighbours ? NeighbourNotes(measurements, method, levels.Seeds, options) : CkaNotes(measurements, table, method, levels.Seeds, options),
                ];
                findings.Add(builder.Build(Texts(measure, method, notes), levels with { Teacher = reason is null ? 1 : null, NotApplicableReason = reason }));
            }
        }

        return findings;
    }

    private static int[] Order(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        var random = new Xoshiro256(OrderSeed);
        for (int i = count - 1; i > 0; i--)
        {
            int other = random.NextIndex(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }

    private static double[] Unordered(double[] values, int[] order)
    {
        var back = new double[values.Length];
        for (int i = 0; i < order.Length; i++)
        {
            back[order[i]] = values[i];
        }

        return back;
    }

    /// <summary>The layers asked for; the network's features also for another teacher that lacks one of them.</summary>
    private static IReadOnlyList<string> TeacherLayers(string name, ImageClassifier model, OptionValues options)
    {
        bool known = options.Has("teacher-layers")
            && (name == MeasurementKey.OwnTeacher || options.Texts("teacher-layers").All(l => model.Network.NamedModules().Any(m => m.Key == l)));
        return known ? options.Texts("teacher-layers") : model.Network.FeatureLayers;
    }

    private static void Describe(MeasurementKey key, LayerFeatures features, List<MeasurementFact> facts)
    {
        using var scope = new TensorScope();
        double[] own = features.Grams.Size(0) == 0 ? [] : MinibatchCka.OwnHsic(features.Grams, unbiased: true).Amax([0]).ToArray<double>();
        for (int i = 0; i < own.Length; i++)
        {
            if (!(own[i] > 0))
            {
                facts.Add(new MeasurementFact(key with { Measure = Constant }, own[i], features.Layers[i]));
                return;
            }
        }
    }

    private static int[]?[] Find(LayerFeatures features, int near, MeasurementKey key, List<MeasurementFact> facts)
    {
        int count = (int)features.Embedding.Size(0);
        int[]?[] found = near < count ? MutualNeighbours.Find(features.Embedding, near) : new int[]?[count];
        facts.Add(new MeasurementFact(key, found.Count(f => f is null)));
        return found;
    }

    private static string? NoCka(Measurements measurements, MeasurementTable table, OptionValues options) =>
        table.Images.Count < 2
            ? string.Create(CultureInfo.InvariantCulture, $"There are {table.Images.Count} whole batches of {options.Integer("batch")} images; two at least are needed (option batch).")
            : measurements.Fact(new MeasurementKey(Constant, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher)) is { } constant
                ? $"The teacher's layer {constant.Text} gives the same for all images of each batch, or numbers that are not finite."
                : null;

    private static string? NoNeighbours(Measurements measurements, OptionValues options)
    {
        int images = measurements.Table(TestTable).Images.Count;
        return options.Integer("neighbours") >= images
            ? string.Create(CultureInfo.InvariantCulture, $"{options.Integer("neighbours")} neighbours cannot be found among {images} images (option neighbours).")
            : measurements.Fact(new MeasurementKey(Zero, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher))?.Value == images
                ? "The teacher's penultimate features are zero or not finite for all images."
                : null;
    }

    private static IEnumerable<string> CkaNotes(Measurements measurements, MeasurementTable table, string method, IReadOnlyList<int> seeds, OptionValues options)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"A unit of the interval, called image elsewhere, is a batch of {options.Integer("batch")} images; there are {table.Images.Count}.");
        if (seeds.Count > 0 && measurements.Fact(new MeasurementKey(Matched, method, seeds[0], MeasurementKey.OwnTeacher)) is { } own)
        {
            yield return $"Matched layers (student with teacher): {own.Text}.";
        }

        foreach (string label in new[] { method, MeasurementKey.Independent })
        {
            foreach (int seed in seeds)
            {
                if (measurements.Fact(new MeasurementKey(Constant, label, seed)) is { } constant)
                {
                    yield return string.Create(CultureInfo.InvariantCulture, $"The {label} student of seed {seed} gives the same for all images of each batch, or numbers that are not finite, at {constant.Text}; it is left out.");
                }
            }
        }

        if (measurements.Fact(new MeasurementKey(Constant, MeasurementKey.TeacherModel, null, MeasurementKey.OtherTeacher)) is { } other)
        {
            yield return $"The other teacher's layer {other.Text} gives the same for all images of each batch, or numbers that are not finite; it is not used as a control.";
        }
    }

    private static IEnumerable<string> NeighbourNotes(Measurements measurements, string method, IReadOnlyList<int> seeds, OptionValues options)
    {
        int images = measurements.Table(TestTable).Images.Count, near = options.Integer("neighbours");
        yield return string.Create(CultureInfo.InvariantCulture, $"{near} neighbours among {images} images: unrelated features share {100.0 * near / Math.Max(1, images - 1):0.##} %.");
        IEnumerable<(string Name, MeasurementKey Key)> models =
        [
            ("teacher", new MeasurementKey(Zero, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher)),
            ("other teacher", new MeasurementKey(Zero, MeasurementKey.TeacherModel, null, MeasurementKey.OtherTeacher)),
            .. new[] { method, MeasurementKey.Independent }.SelectMany(m => seeds.Select(s => (string.Create(CultureInfo.InvariantCulture, $"{m} student of seed {s}"), new MeasurementKey(Zero, m, s)))),
        ];
        foreach ((string name, MeasurementKey key) in models)
        {
            if (near < images && measurements.Fact(key) is { Value: > 0 } zero)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Penultimate features that are zero or not finite, left out: {name}, {zero.Value} of {images} images.");
            }
        }
    }

    private FindingTexts Texts(string measure, string method, IReadOnlyList<string> notes) => measure switch
    {
        Neighbours => new FindingTexts
        {
            Analysis = Name,
            Measure = "neighbours",
            Title = "Nearest neighbours shared with the teacher",
            Question = "Are the images that the student finds alike those that its teacher finds alike?",
            Unit = FindingUnit.Share,
            Method = method,
            Notes = notes,
            ReasonLead = "In penultimate features students share {student} of an image's nearest neighbours with their teacher, independent students {independent}",
        },
        _ => new FindingTexts
        {
            Analysis = Name,
            Measure = $"{measure}-matched",
            Title = measure == Unbiased ? "CKA with the teacher's layers" : "CKA with the teacher's layers, plain estimate",
            Question = "Does each layer of the student tell images apart as the matched layer of its teacher does?",
            Unit = "CKA",
            Method = method,
            Notes = notes,
            ReasonLead = $"Over matched layers students reach {{student}} with their teacher ({(measure == Unbiased ? "unbiased" : "plain")} linear CKA), independent students {{independent}}",
        },
    };
}
