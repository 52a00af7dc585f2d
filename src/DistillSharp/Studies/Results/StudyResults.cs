using System.Text.Json.Serialization;

namespace DistillSharp.Studies.Results;

/// <summary>One trained model of a study, with what every inheritance figure is read beside.</summary>
/// <param name="Run">The run's folder name under <c>runs/</c>.</param>
/// <param name="Role"><c>teacher</c>, <c>other-teacher</c>, <c>independent</c> or <c>student</c>.</param>
/// <param name="Method">The distillation method; <c>none</c> for models trained on labels alone.</param>
/// <param name="Seed">The seed of initialisation and order.</param>
/// <param name="Architecture">The architecture with its size, e.g. <c>convnet 16-32-64</c>.</param>
/// <param name="Parameters">How many weights it has.</param>
/// <param name="TestAccuracy">Share of test images classified right, 0 to 1.</param>
/// <param name="TestNll">Mean negative log-likelihood on the test images, nats.</param>
/// <param name="TestEce">Expected calibration error on the test images, 15 equal-width bins, 0 to 1.</param>
/// <param name="TrainAccuracy">Share of the training images classified right, without augmentation, in eval mode.</param>
/// <param name="TrainSeconds">How long its own training steps took; the teacher's passes, which are shared, are not counted.</param>
public sealed record ModelResult(
    string Run,
    string Role,
    string Method,
    int Seed,
    string Architecture,
    long Parameters,
    double TestAccuracy,
    double TestNll,
    double TestEce,
    double TrainAccuracy,
    double TrainSeconds)
{
    /// <summary>
    /// Share right of the test images of the kinds that students learn from, 0 to 1: of one domain, say, where the test images are of several. Null
    /// where students learn from every kind.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SeenAccuracy { get; init; }
}

/// <summary>A table of pictures: one row an example, one cell a picture (a path relative to the results folder) with a caption.</summary>
public sealed record PictureTable(
    string Analysis,
    string Title,
    string Explanation,
    IReadOnlyList<string> Columns,
    IReadOnlyList<PictureRow> Rows)
{
    /// <summary>What the study calls the analysis, as <see cref="Finding.Label"/>; null where it is called by its own name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }
}

/// <summary>One example: a label and a cell for each column.</summary>
public sealed record PictureRow(string Label, IReadOnlyList<PictureCell> Cells);

/// <summary>One picture: its path relative to the results folder (PNG), and what to say under it.</summary>
public sealed record PictureCell(string Path, string Caption);

/// <summary>What the machine and the software were, so that a result can be repeated.</summary>
/// <param name="Entries">Name and value, in the order to be shown.</param>
public sealed record RunEnvironment(IReadOnlyList<EnvironmentEntry> Entries);

/// <summary>One line of the environment.</summary>
public sealed record EnvironmentEntry(string Name, string Value);

/// <summary>Everything a report needs: the content of <c>findings.json</c>.</summary>
/// <param name="Format">Version of this layout; 1.</param>
/// <param name="Study">The study's name.</param>
/// <param name="Description">What the study asks, in the author's words.</param>
/// <param name="Data">The data in a sentence: name, number of training, validation and test images.</param>
/// <param name="Command">The command that repeats the study.</param>
/// <param name="FinishedUtc">When the last measurement was written, ISO 8601.</param>
/// <param name="Models">Every trained model.</param>
/// <param name="Findings">Every finding, grouped by analysis and measure, one a method.</param>
/// <param name="Pictures">Tables of example pictures.</param>
/// <param name="Environment">Versions, threads, BLAS, commit.</param>
public sealed record StudyResults(
    int Format,
    string Study,
    string Description,
    string Data,
    string Command,
    string FinishedUtc,
    IReadOnlyList<ModelResult> Models,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<PictureTable> Pictures,
    RunEnvironment Environment)
{
    /// <summary>Levels by strength, group or domain, to be drawn; none in results of studies that were concluded before there were charts.</summary>
    public IReadOnlyList<ResultChart> Charts { get => field ?? []; init; } = [];

    /// <summary>What an audit says beside its findings; null for a study.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AuditSummary? Audit { get; init; }
}
