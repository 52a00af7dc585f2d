using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>How closely students match their teacher's predictions, on test images and on training images (Stanton et al. 2021, section 3).</summary>
public sealed class FidelityAnalysis : Analysis
{
    private const string Agreement = "agreement";
    private const string Divergence = "kl";
    private const string TestTable = "test";
    private const string TrainTable = "train";

    /// <inheritdoc/>
    public override string Name => "fidelity";

    /// <inheritdoc/>
    public override string Title => "Fidelity";

    /// <inheritdoc/>
    public override string Question => "Does the student answer as its teacher does?";

    /// <inheritdoc/>
    public override string Description =>
        "Top-1 agreement and KL(teacher || student) at temperature 1 on each test image and each training image, in evaluation mode and without augmentation.";

    /// <inheritdoc/>
    public override string Paper => "Stanton, Izmailov, Kirichenko, Alemi, Wilson: Does Knowledge Distillation Really Work? NeurIPS 2021";

    /// <inheritdoc/>
    public override Measurements Measure(AnalysisSubject subject, OptionValues options, IProgress<AnalysisProgress>? progress = null)
    {
        var facts = new List<MeasurementFact>();
        var tables = new List<MeasurementTable>();
        (string Name, ImageSet Set)[] sets = subject.Train is null ? [(TestTable, subject.Test)] : [(TestTable, subject.Test), (TrainTable, subject.Train)];
        SubjectModel[] students = [.. subject.StudentModels()];
        int done = 0;
        foreach ((string name, ImageSet set) in sets)
        {
            var table = new MeasurementTable(name, set.Indices, set.Classes);
            foreach (SubjectModel student in students)
            {
                progress?.Report(new AnalysisProgress($"{name} images: {student.Method}, seed {student.Seed}", done++, sets.Length * students.Length));
                Tensor answers = subject.CleanLogits(student.Classifier, set);
                foreach ((string teacher, ImageClassifier model) in subject.Teachers())
                {
                    Tensor wanted = subject.CleanLogits(model, set);
                    table.Add(new MeasurementKey(Agreement, student.Method, student.Seed, teacher), ClassificationMetrics.AgreementPerImage(wanted, answers));
                    table.Add(new MeasurementKey(Divergence, student.Method, student.Seed, teacher), ClassificationMetrics.KullbackLeiblerPerImage(wanted, answers));
                }
            }

            DegenerateModels.Record(facts, name, subject, set);
            tables.Add(table);
        }

        return new Measurements(Name, tables, facts, []);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Conclude(Measurements measurements, OptionValues options, FindingBuilder builder)
    {
        CheckOwn(measurements);
        var findings = new List<Finding>();
        foreach (MeasurementTable table in measurements.Tables)
        {
            var degenerate = new DegenerateModels(measurements, table);
            var scores = new StudentScores(table, degenerate);
            foreach (string measure in new[] { Agreement, Divergence })
            {
                foreach (string method in scores.Methods(measure))
                {
                    FindingScores levels = scores.Levels(measure, method) with
                    {
                        Teacher = degenerate.TeacherReason is not null ? null : measure == Agreement ? 1 : 0,
                        HigherIsCloser = measure == Agreement,
                    };
                    findings.Add(builder.Build(Texts(measure, table.Name, method, [.. scores.SeedNotes(measure, method), .. degenerate.Notes(method, levels.Seeds), .. StudentScores.OtherNotes(levels)]), levels));
                }
            }
        }

        return findings;
    }

    private FindingTexts Texts(string measure, string table, string method, IReadOnlyList<string> notes)
    {
        string images = table == TrainTable ? "training images" : "test images";
        return measure == Agreement
            ? new FindingTexts
            {
                Analysis = Name,
                Measure = $"{measure}-{table}",
                Title = $"Top-1 agreement with the teacher on {images}",
                Question = $"Does the student choose the class that its teacher chooses, right or wrong, on {images}?",
                Unit = FindingUnit.Share,
                Method = method,
                Notes = notes,
                ReasonLead = $"Students agree with their teacher on {{student}} of the {images}, independent students on {{independent}}",
            }
            : new FindingTexts
            {
                Analysis = Name,
                Measure = $"{measure}-{table}",
                Title = $"KL divergence from the teacher on {images}",
                Question = $"Does the student give the probabilities that its teacher gives, on {images}?",
                Unit = "nats",
                Method = method,
                Notes = notes,
                ReasonLead = $"On {images} students diverge from their teacher by {{student}}, independent students by {{independent}}",
            };
    }
}
