using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Whether students answer as their teacher does on images unlike all that they were trained on (Ojha et al. 2023, section 4.4).</summary>
public sealed class UnseenDomainsAnalysis : Analysis
{
    private const string Agreement = "agreement";
    private const string Right = "right-share";
    private const string Frequent = "most-frequent-answer";
    private const string TextureClass = "texture-class";
    private const string Impossible = "impossible";
    private const string TestTable = "test";

    /// <summary>A student that gives one class for at least this share of a domain's images is named.</summary>
    private const double OneAnswer = 0.99;

    /// <inheritdoc/>
    public override string Name => "unseen-domains";

    /// <inheritdoc/>
    public override string Title => "Unseen domains";

    /// <inheritdoc/>
    public override string Question => "Does the student answer as its teacher does on images unlike those it was trained on?";

    /// <inheritdoc/>
    public override string Description =>
        "Consensus: the share of images for which student and teacher choose the same class, right or wrong, on edges, silhouettes, inverted, blurred and cue-conflict images and "
        + "images before a textured background, all made from test images, beside the same on the test images themselves, and on those of each value of an attribute (a domain).";

    /// <inheritdoc/>
    public override string Paper => Papers.Ojha2023;

    /// <inheritdoc/>
    public override IReadOnlyList<OptionSpec> Options { get; } =
    [
        new OptionSpec("images", OptionKind.Integer, 2000L, "At most so many test images are shown in each domain: a fixed random part, the same for all models", Minimum: 2),
        .. TestDomains.Names.Select(name => new OptionSpec(name, OptionKind.Boolean, true, $"Whether {TestDomains.Words(name)} are asked about")),
        .. TestDomains.CueOptions,
        new OptionSpec("blur-sigma", OptionKind.Number, 2.0, "Standard deviation in pixels of the Gaussian that blurs images", Minimum: 0.1, Maximum: 100),
        new OptionSpec("texture-sigma", OptionKind.Number, 1.0, "How coarse textured backgrounds are: standard deviation in pixels of the Gaussian over the noise", Minimum: 0.1, Maximum: 100),
        new OptionSpec("texture-strength", OptionKind.Number, 1.0, "The texture's part of a textured background, from 0 to 1", Minimum: 0, Maximum: 1),
        ImageGroup.Option("An attribute of the test images, a domain, say: the test images of each of its values are asked about too, at most 'images' of each"),
        new OptionSpec("pictures", OptionKind.Integer, 6L, "At most so many examples are shown, one a class", Minimum: 0, Maximum: 100),
    ];

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check(OptionValues options, AnalysisSetting setting) =>
        [.. ImageGroup.Check(options, setting), .. options.Boolean(TestDomains.CueConflict) ? TestDomains.CheckCues(options, setting) : []];

    /// <inheritdoc/>
    public override Measurements Measure(AnalysisSubject subject, OptionValues options, IProgress<AnalysisProgress>? progress = null)
    {
        using var scope = new TensorScope();
        (string Name, ImageSet Set)[] given = [.. subject.Domains.Select(d => (d.Key, d.Value)), .. OfAttribute(subject, options)];
        CheckNames(given.Select(d => d.Name));
        using var sample = new ImageSample(subject.Test, options.Integer("images"));
        var facts = new List<MeasurementFact>();
        var tables = new List<MeasurementTable>();
        var pictures = new DomainPictures(subject, sample, options.Integer("pictures"), Name);
        string[] made = [.. TestDomains.Names.Where(options.Boolean)];
        int total = made.Length + given.Length + 1, done = 0;

        progress?.Report(new AnalysisProgress("test images", done++, total));
        DegenerateModels.Record(facts, TestTable, subject, subject.Test, sample.Positions);
        tables.Add(Agreements(TestTable, sample.Indices, sample.Classes, subject, m => subject.CleanLogits(m, subject.Test).IndexSelect(0, sample.Positions), facts));
        pictures.Add("test", sample.Images, m => subject.CleanLogits(m, subject.Test).IndexSelect(0, sample.Positions));
        foreach (string name in made)
        {
            progress?.Report(new AnalysisProgress(TestDomains.Words(name), done++, total));
            using var inner = new TensorScope();
            if (name == TestDomains.CueConflict && sample.Classes.Distinct().Count() < 2)
            {
                facts.Add(new MeasurementFact(new MeasurementKey(Impossible, name), double.NaN, "All images are of one class, so shape and texture cannot disagree."));
                continue;
            }

            ImageDomain domain = TestDomains.Make(name, sample, options);
            Ask(subject, domain, tables, facts);
            pictures.Add(name, domain.Set.Images, m => subject.CleanLogits(m, domain.Set), domain.TextureClasses is { } textures ? at => subject.ClassNames[textures[at]] : null);
        }

        foreach ((string name, ImageSet set) in given)
        {
            progress?.Report(new AnalysisProgress(TestDomains.Words(name), done++, total));
            Ask(subject, new ImageDomain(name, set), tables, facts);
        }

        return new Measurements(Name, tables, facts, pictures.Tables(Name));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Conclude(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        var known = new DegenerateModels(measurements, measurements.Table(TestTable));
        var findings = new List<Finding>();
        foreach (MeasurementTable table in measurements.Tables)
        {
            var degenerate = new DegenerateModels(measurements, table);
            var scores = new StudentScores(table, degenerate);
            foreach (string method in scores.Methods(Agreement))
            {
                FindingScores levels = scores.Levels(Agreement, method);
                string? reason = known.TeacherReason is { } never ? never : levels.NotApplicableReason;
                List<string> notes = [.. scores.SeedNotes(Agreement, method), .. degenerate.Notes(method, levels.Seeds)];
                if (table.Name != TestTable && known.OtherTeacherReason is { } unfit)
                {
                    levels = levels with { StudentOther = null, IndependentOther = null };
                    notes.Add(unfit);
                }

                notes.AddRange(StudentScores.OtherNotes(levels));
                notes.AddRange(Notes(measurements, table.Name, method, levels.Seeds));
                findings.Add(builder.Build(Texts(table.Name, method, notes), levels with { Teacher = reason is null ? 1 : null, NotApplicableReason = reason }));
            }
        }

        return findings;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ResultChart> Charts(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        ChartPlace[] places = [.. measurements.Tables.Where(t => t.Keys.Any(k => k.Measure == Agreement)).Select(t => new ChartPlace(t.Name, t, Agreement))];
        return Chart(
            ChartKind.Bars,
            "Agreement with the teacher in each domain",
            "The share of a domain's images for which student and teacher choose the same class, right or wrong.",
            "domain",
            "agreement",
            places,
            new ChartLevels(places, measurements).OfStudents(builder));
    }

    private static void Ask(AnalysisSubject subject, ImageDomain domain, List<MeasurementTable> tables, List<MeasurementFact> facts)
    {
        MeasurementTable table = Agreements(domain.Name, domain.Set.Indices, domain.Set.Classes, subject, m => subject.CleanLogits(m, domain.Set), facts);
        DegenerateModels.Record(facts, domain.Name, subject, domain.Set, unseen: true);
        if (domain.TextureClasses is { } classes)
        {
            table.Add(new MeasurementKey(TextureClass), Array.ConvertAll(classes, c => (double)c));
        }

        tables.Add(table);
    }

    private static MeasurementTable Agreements(
        string name, IReadOnlyList<int> indices, IReadOnlyList<int> labels, AnalysisSubject subject, Func<ImageClassifier, Tensor> logits, List<MeasurementFact> facts)
    {
        using var scope = new TensorScope();
        void Describe(ImageClassifier model, MeasurementKey key)
        {
            int[] answers = ClassificationMetrics.FinitePredictions(logits(model));
            facts.Add(new MeasurementFact(key with { Measure = $"{Right}-{name}" }, Scores.Mean(answers.Zip(labels, (a, l) => a < 0 ? double.NaN : a == l ? 1 : 0))));
            facts.Add(new MeasurementFact(key with { Measure = $"{Frequent}-{name}" }, DegenerateModels.Largest(answers.Where(a => a >= 0))));
        }

        var table = new MeasurementTable(name, indices, labels);
        foreach ((string teacher, ImageClassifier model) in subject.Teachers())
        {
            Describe(model, new MeasurementKey("", MeasurementKey.TeacherModel, null, teacher));
        }

        foreach (SubjectModel student in subject.StudentModels())
        {
            Describe(student.Classifier, new MeasurementKey("", student.Method, student.Seed));
            foreach ((string teacher, ImageClassifier model) in subject.Teachers())
            {
                table.Add(new MeasurementKey(Agreement, student.Method, student.Seed, teacher), ClassificationMetrics.AgreementPerImage(logits(model), logits(student.Classifier)));
            }
        }

        return table;
    }

    private static IEnumerable<string> Notes(Measurements measurements, string table, string method, IReadOnlyList<int> seeds)
    {
        double? Fact(string measure, string label, int? seed, string teacher) => measurements.Fact(new MeasurementKey($"{measure}-{table}", label, seed, teacher))?.Value;
        foreach ((string name, string teacher) in new[] { ("teacher", MeasurementKey.OwnTeacher), ("other teacher", MeasurementKey.OtherTeacher) })
        {
            if (Fact(Right, MeasurementKey.TeacherModel, null, teacher) is { } right && Fact(Frequent, MeasurementKey.TeacherModel, null, teacher) is { } frequent && !double.IsNaN(right))
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"On {TestDomains.Words(table)} the {name} is right for {100 * right:0.#} % of the images and gives its most frequent class for {100 * frequent:0.#} %.");
            }
        }

        if (table == TestTable)
        {
            foreach (MeasurementFact impossible in measurements.Facts.Where(f => f.Key.Measure == Impossible))
            {
                yield return $"There are no {TestDomains.Words(impossible.Key.Method)}: {impossible.Text}";
            }

            yield break;
        }

        foreach (string label in new[] { method, MeasurementKey.Independent })
        {
            int[] single = [.. seeds.Where(s => Fact(Frequent, label, s, "") >= OneAnswer)];
            if (single.Length > 0)
            {
                yield return $"Gives one class for nearly all {TestDomains.Words(table)}, and is counted all the same: {label} student, seed {string.Join(", ", single)}.";
            }
        }
    }

    private static IEnumerable<(string Name, ImageSet Set)> OfAttribute(AnalysisSubject subject, OptionValues options)
    {
        if (!options.Has("attribute"))
        {
            yield break;
        }

        foreach (ImageGroup group in ImageGroup.Of(ImageGroup.Find(subject.Test.Attributes, options.Text("attribute"))))
        {
            using var sample = new ImageSample(group.From(subject.Test), options.Integer("images"));
            yield return (group.Key, sample.ToSet());
        }
    }

    private static void CheckNames(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (name.Length == 0 || name == TestTable || TestDomains.Names.Contains(name) || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            {
                throw new ArgumentException(
                    $"Names of domains are of lower-case letters, digits and hyphens, and other than {TestTable}, {string.Join(", ", TestDomains.Names)}; found '{name}'.", nameof(names));
            }

            if (!seen.Add(name))
            {
                throw new ArgumentException($"Each domain needs a name of its own; found '{name}' twice.", nameof(names));
            }
        }
    }

    private FindingTexts Texts(string table, string method, IReadOnlyList<string> notes)
    {
        string images = TestDomains.Words(table);
        return new FindingTexts
        {
            Analysis = Name,
            Measure = $"{Agreement}-{table}",
            Title = $"Top-1 agreement with the teacher on {images}",
            Question = table == TestTable
                ? "Does the student choose the class that its teacher chooses, right or wrong, on test images, to compare other images with?"
                : $"Does the student choose the class that its teacher chooses, right or wrong, on {images}?",
            Unit = FindingUnit.Share,
            Method = method,
            Notes = notes,
            ReasonLead = $"Students agree with their teacher on {{student}} of the {images}, independent students on {{independent}}",
        };
    }
}
