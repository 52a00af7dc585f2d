using System.Globalization;
using System.Text.Json;
using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Statistics;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Auditing;

/// <summary>Carries an audit out in a results folder: measures what is not measured yet, concludes. It can be stopped at any moment and goes on from there.</summary>
/// <param name="plan">The audit, checked.</param>
/// <param name="warnings">What the check warned of.</param>
/// <param name="observer">Told how it goes.</param>
public sealed class AuditRunner(AuditPlan plan, IReadOnlyList<string> warnings, IStudyObserver observer)
{
    private readonly List<AuditOmission> _omitted = [.. plan.NotAsked];

    /// <summary>Why a folder cannot take the results; null where it can.</summary>
    /// <param name="folder">The folder; it need not exist.</param>
    public AuditProblem? CheckFolder(string folder)
    {
        string path = Path.Combine(folder, AuditRecord.FileName);
        if (!File.Exists(path))
        {
            string? foreign = new[] { "study.yaml", "findings.json" }.FirstOrDefault(f => File.Exists(Path.Combine(folder, f)));
            return foreign is null ? null : new AuditProblem(AuditProblemKind.Request, "--output", $"'{folder}': expected a new folder, or that of an audit of the same models and images, found the results of a study ({foreign}).");
        }

        return AuditRecord.Read(path).Identity == plan.Identity ? null
            : new AuditProblem(AuditProblemKind.Request, "--output", $"'{folder}': expected a new folder, or that of an audit of the same models and images, found an audit of others.");
    }

    /// <summary>Carries the audit out.</summary>
    /// <param name="folder">The results folder, locked by the caller.</param>
    /// <param name="command">The command that repeats it, for the report.</param>
    /// <param name="cancel">Stops it; what was measured stays.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="AuditException">The folder holds other results, or an analysis that was asked for cannot be made of these models.</exception>
    public StudyResults Run(ResultsFolder folder, string command, CancellationToken cancel)
    {
        if (CheckFolder(folder.Root) is { } problem)
        {
            throw new AuditException([problem]);
        }

        TorchRuntime.EnsureStarted();
        List<AuditedFile> files = [.. plan.Models.Select(Describe)];
        var record = new AuditRecord(
            1, plan.Identity, command, plan.Request.WithFullPaths(), plan.Data.Fingerprint, files, [.. plan.Analyses.Select(a => $"{a.Name} {{ {a.Options.ToCanonicalText()} }}")]);
        folder.Write(AuditRecord.FileName, record.ToJson());
        RunEnvironment environment = EnvironmentProbe.Probe();
        folder.Write("environment.json", JsonSerializer.Serialize(environment, RunJson.Default.RunEnvironment) + "\n");

        using var measuring = new AnalysisMeasuring(folder, observer, cancel);
        var models = new Dictionary<AuditedModel, ImageClassifier>(ReferenceEqualityComparer.Instance);
        try
        {
            foreach (AuditedModel model in plan.Models)
            {
                models.Add(model, model.Load(plan.Task));
            }

            using AnalysisSubject subject = MakeSubject(measuring, models);
            observer.Stage("Measuring: accuracy, NLL and ECE");
            IReadOnlyList<ModelResult> figures = Evaluate(subject, models, cancel);
            List<(AnalysisDefinition Analysis, Measurements Measured)> measured = Measure(measuring, subject);
            observer.Stage("Weighing the evidence");
            return Conclude(folder, command, environment, figures, files, measured);
        }
        finally
        {
            foreach (ImageClassifier model in models.Values)
            {
                model.Dispose();
            }
        }
    }

    private static AuditedFile Describe(AuditedModel model) => new(
        model.Name,
        model.Path,
        model.Sha256,
        model.Architecture,
        $"mean {Listed(model.Normalization.Mean)}; standard deviation {Listed(model.Normalization.StandardDeviation)}");

    private static string Listed(IReadOnlyList<double> values) => string.Join(", ", values.Select(v => v.ToString("0.####", CultureInfo.InvariantCulture)));

    private AnalysisSubject MakeSubject(AnalysisMeasuring measuring, Dictionary<AuditedModel, ImageClassifier> models)
    {
        Dictionary<int, ImageClassifier> BySeed(IEnumerable<AuditedModel> some) => some.ToDictionary(m => m.Seed, m => models[m]);
        IEnumerable<AuditedModel> Of(RunRole role) => plan.Models.Where(m => m.Role == role);
        List<StudentGroup> Groups(RunRole role) => [.. Of(role).GroupBy(m => m.Label).Select(g => new StudentGroup(g.Key, BySeed(g)))];
        ImageDataset test = plan.Data.Test, train = plan.Data.Train;
        using DatasetSplit? split = plan.Request.TrainImages > 0 ? DatasetSplit.Create(train, 0, StudyMeasuring.TestSeed, plan.Request.TrainImages) : null;
        return new AnalysisSubject
        {
            Teacher = models[Of(RunRole.Teacher).Single()],
            OtherTeacher = Of(RunRole.OtherTeacher).SingleOrDefault() is { } other ? models[other] : null,
            Seeds = plan.Seeds,
            Independent = BySeed(Of(RunRole.Independent)),
            Students = Groups(RunRole.Student),
            CrossStudents = Groups(RunRole.CrossStudent),
            Test = measuring.MakeSet(test, () => Tensor.From(DatasetSplit.Draw(test, plan.TestImages, StudyMeasuring.TestSeed)).To(test.Device)),
            Train = split is null ? null : measuring.MakeSet(train, () => split.Train),
            ClassNames = plan.Data.Test.ClassNames,
            SavePicture = measuring.SavePicture,
        };
    }

    private IReadOnlyList<ModelResult> Evaluate(AnalysisSubject subject, Dictionary<AuditedModel, ImageClassifier> models, CancellationToken cancel)
    {
        var results = new List<ModelResult>();
        foreach (AuditedModel model in plan.Models)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = new TensorScope();
            double train = subject.Train is { } set ? ClassificationMetrics.Accuracy(subject.CleanLogits(models[model], set), set.Labels) : double.NaN;
            RunEvaluation figures = RunEvaluation.Of("", subject.CleanLogits(models[model], subject.Test), subject.Test.Labels, train);
            string method = model.Role is RunRole.Teacher or RunRole.OtherTeacher ? "none" : model.Label;
            results.Add(new ModelResult(
                model.Name, model.Role.ToName(), method, model.Seed, model.Architecture, model.Parameters,
                figures.TestAccuracy, figures.TestNll, figures.TestEce, figures.TrainAccuracy, model.Run?.Seconds ?? double.NaN));
        }

        return results;
    }

    private List<(AnalysisDefinition Analysis, Measurements Measured)> Measure(AnalysisMeasuring measuring, AnalysisSubject subject)
    {
        var measured = new List<(AnalysisDefinition, Measurements)>();
        foreach (AnalysisDefinition definition in plan.Analyses)
        {
            try
            {
                measured.Add((definition, measuring.Measure(plan.KeyOf(definition), definition, () => subject)));
            }
            catch (ArgumentException e)
            {
                // An option, or a default, that does not fit these models. What was not asked for by name is no reason to stop.
                if (plan.Request.Analyses is not null)
                {
                    throw new AuditException([new AuditProblem(AuditProblemKind.Request, "--analyses", $"{definition.Name}: {AuditProblem.MessageOf(e)}")]);
                }

                observer.Note($"{definition.Name}: not measured. {AuditProblem.MessageOf(e)}");
                _omitted.Add(new AuditOmission(definition.Name, AuditProblem.MessageOf(e)));
            }
        }

        return measured;
    }

    private StudyResults Conclude(
        ResultsFolder folder,
        string command,
        RunEnvironment environment,
        IReadOnlyList<ModelResult> models,
        IReadOnlyList<AuditedFile> files,
        List<(AnalysisDefinition Analysis, Measurements Measured)> measured)
    {
        var builder = new FindingBuilder();
        List<AnalysisConclusions> concluded = [.. measured.Select(m => AnalysisConclusions.Of(m.Analysis, m.Measured, builder))];
        var results = new StudyResults(
            1,
            Title(),
            $"What {(plan.Seeds.Count * plan.Labels.Count == 1 ? "a student" : "students")} took over from {(plan.Seeds.Count * plan.Labels.Count == 1 ? "its" : "their")} teacher, measured on finished models without any training.",
            DescribeData(),
            command,
            DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            models,
            StudyEvidence.Weigh(concluded.SelectMany(c => c.Findings), models, plan.Seeds.Count),
            [.. concluded.SelectMany(c => c.Pictures)],
            environment)
        {
            Charts = [.. concluded.SelectMany(c => c.Charts)],
            Audit = new AuditSummary(AuditControls.Of(plan), _omitted, files, warnings),
        };
        AtomicFile.WriteAllText(folder.Findings, JsonSerializer.Serialize(results, StudyResultsJson.Default.StudyResults) + "\n");
        return results;
    }

    private string Title()
    {
        string students = string.Join(", ", plan.Models.Where(m => m.Role == RunRole.Student).Select(m => m.Architecture).Distinct());
        return $"Audit: {students} of {plan.Models.First(m => m.Role == RunRole.Teacher).Architecture}";
    }

    private string DescribeData() => FormattableString.Invariant(
        $"{plan.Data.Test.Name}: {plan.TestImages:N0} test images of {plan.Data.Test.Count:N0}{(plan.Request.TrainImages > 0 ? FormattableString.Invariant($", {plan.Request.TrainImages:N0} training images of {plan.Data.Train.Count:N0}") : "")}; {plan.Data.Test.Channels} x {plan.Data.Test.Height} x {plan.Data.Test.Width} pixels, {plan.Data.Test.ClassNames.Count} classes") + string.Concat(plan.Data.Notes.Select(n => "; " + n.TrimEnd('.')));
}
