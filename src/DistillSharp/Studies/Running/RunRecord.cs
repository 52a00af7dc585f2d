using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DistillSharp.Inheritance;
using DistillSharp.Torch;
using DistillSharp.Training;

namespace DistillSharp.Studies;

/// <summary>What defines a finished run, and its final figures: <c>run.json</c>. It is written last, so it says that the run is whole.</summary>
/// <param name="Format">Version of this layout; 1.</param>
/// <param name="Key">The run's key.</param>
/// <param name="Role">What the model is in the study.</param>
/// <param name="Method">The method's label; <c>none</c> for teachers.</param>
/// <param name="Definition">The method, network and budget, with every option.</param>
/// <param name="TeacherKey">The run of the teacher; null where there was none.</param>
/// <param name="Architecture">The network with its size.</param>
/// <param name="Parameters">How many weights the network has.</param>
/// <param name="Seconds">How long its own training steps took.</param>
/// <param name="FinishedUtc">When it was finished, ISO 8601.</param>
/// <param name="LibtorchThreads">libtorch threads of each training step; another number changes the last digits of weights.</param>
/// <param name="ModelSha256">SHA-256 of <c>model.safetensors</c>, as <c>sha256sum</c> prints it.</param>
public sealed record RunRecord(
    int Format,
    string Key,
    string Role,
    string Method,
    string Definition,
    string? TeacherKey,
    string Architecture,
    long Parameters,
    double Seconds,
    string FinishedUtc,
    int LibtorchThreads,
    string ModelSha256)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "run.json";

    /// <summary>Describes a run that has just been finished.</summary>
    /// <param name="run">The run.</param>
    /// <param name="parameters">How many weights the network has.</param>
    /// <param name="seconds">How long its own training steps took.</param>
    /// <param name="libtorchThreads">libtorch threads of each training step.</param>
    /// <param name="modelSha256">SHA-256 of the weights' file.</param>
    public static RunRecord Of(PlannedRun run, long parameters, double seconds, int libtorchThreads, string modelSha256) => new(
        1,
        run.Key.ToString(),
        run.Role.ToName(),
        run.IsStudent ? run.Method!.Label : "none",
        Describe(run),
        run.TeacherKey?.ToString(),
        ArchitectureOf(run),
        parameters,
        seconds,
        DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        libtorchThreads,
        modelSha256);

    /// <summary>The network of a run, e.g. <c>convnet 16-32-64</c>, or <c>3 x convnet 16-32-64</c> for an ensemble.</summary>
    public static string ArchitectureOf(PlannedRun run) =>
        run.Members.Count > 0 ? FormattableString.Invariant($"{run.Members.Count} x {ArchitectureOf(run.Model)}") : ArchitectureOf(run.Model);

    /// <summary>The network with its options' values, e.g. <c>convnet 16-32-64</c>.</summary>
    public static string ArchitectureOf(ModelDefinition model) =>
        string.Join(' ', model.Options.Entries.Select(e => e.Value switch
        {
            long[] list => string.Join('-', list),
            var value => $"{e.Key} {Configuration.OptionValues.Format(value)}",
        }).Prepend(model.Name));

    /// <summary>Reads a run's record; null where the run is not finished.</summary>
    /// <param name="folder">The run's folder, which bears its key as its name.</param>
    /// <exception cref="InvalidDataException">The file is broken, of another run, or the weights that it speaks of are gone; the message names the file.</exception>
    public static RunRecord? TryRead(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        RunRecord record = ResultsJson.Read(path, RunJson.Default.RunRecord, "a run's record", $"Delete the folder '{folder}' to train the run again.");
        string key = Path.GetFileName(folder);
        string? problem = record.Format != 1 ? $"format 1, found {record.Format}"
            : record.Key != key ? $"the record of the run '{key}', found that of '{record.Key}'"
            : record.ModelSha256 is not { Length: 64 } ? $"the SHA-256 of the weights, found '{record.ModelSha256}'"
            : !File.Exists(Path.Combine(folder, TrainingRun.ModelFile)) ? $"{TrainingRun.ModelFile} beside it, found no such file"
            : null;
        return problem is null
            ? record
            : throw new InvalidDataException($"{path}: expected {problem}. Delete the folder '{folder}' to train the run again.");
    }

    /// <summary>The record as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Default.RunRecord) + "\n";

    private static string Describe(PlannedRun run)
    {
        if (run.Weights is { } weights)
        {
            return $"{ArchitectureOf(run.Model)}; read from a file with the SHA-256 {weights.Sha256}";
        }

        if (run.Members.Count > 0)
        {
            return $"{ArchitectureOf(run.Model)}; the ensemble of {string.Join(", ", run.Members)}";
        }

        string method = run.Method is { } m ? string.Join(" + ", m.Parts.DefaultIfEmpty(m).Select(p => $"{p.Name} {{ {p.Options.ToCanonicalText()} }}")) : "labels";
        string start = run.StartSeed is { } seed ? FormattableString.Invariant($"; begins with the initial weights of seed {seed}") : "";
        BudgetDefinition b = run.Budget;
        return FormattableString.Invariant(
            $"{method}; {ArchitectureOf(run.Model)}; {b.Epochs} epochs of batches of {b.BatchSize}; {b.Optimizer.Name} {{ {b.Optimizer.Options.ToCanonicalText()} }}; {b.Schedule.Name} {{ {b.Schedule.Options.ToCanonicalText()} }}{start}");
    }
}

/// <summary>A trained model's figures on the study's data, kept beside its weights.</summary>
/// <param name="TestImages">How many test images were used.</param>
/// <param name="TestDraw">Which ones: a fingerprint of their indices. Figures on other images are measured again.</param>
/// <param name="TestAccuracy">Share classified right, 0 to 1.</param>
/// <param name="TestNll">Mean negative log-likelihood, nats.</param>
/// <param name="TestEce">Expected calibration error, 15 equal-width bins.</param>
/// <param name="TrainAccuracy">Share of the training images classified right, without augmentation.</param>
public sealed record RunEvaluation(int TestImages, string? TestDraw, double TestAccuracy, double TestNll, double TestEce, double TrainAccuracy)
{
    private const int Bins = 15;

    /// <summary>Share right of the test images of the kinds that students learn from, 0 to 1; null where they learn from every kind.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SeenAccuracy { get; init; }

    /// <summary>The figures of a model's answers.</summary>
    /// <param name="draw">Which test images were used.</param>
    /// <param name="logits">The logits on them, <c>[N, classes]</c>.</param>
    /// <param name="labels">Their classes, Int64 <c>[N]</c>.</param>
    /// <param name="trainAccuracy">Share of the training images classified right; NaN where there are none.</param>
    internal static RunEvaluation Of(string draw, Tensor logits, Tensor labels, double trainAccuracy) => new(
        (int)logits.Size(0),
        draw,
        ClassificationMetrics.Accuracy(logits, labels),
        ClassificationMetrics.NegativeLogLikelihood(logits, labels),
        ClassificationMetrics.ExpectedCalibrationError(logits, labels, Bins),
        trainAccuracy);
}

/// <summary>Reads and writes a run's JSON files.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(RunEvaluation))]
[JsonSerializable(typeof(Results.RunEnvironment))]
internal sealed partial class RunJson : JsonSerializerContext;
