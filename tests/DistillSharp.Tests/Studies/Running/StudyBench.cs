using System.Text.Json;
using DistillSharp.Inheritance;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;
using DistillSharp.Tests.Training;
using DistillSharp.Torch;
using DistillSharp.Training;

namespace DistillSharp.Tests.Studies.Running;

/// <summary>A folder with small data and a study of it, which can be run in this process; gone after.</summary>
internal sealed class StudyBench : IDisposable
{
    public StudyBench(string yaml)
    {
        TorchRuntime.EnsureStarted();
        LearnableImages.Write(Path.Combine(Folder, "data"), train: 100, test: 40);
        Write(yaml);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("distillsharp-study-").FullName;

    public static string WithoutTimes(StudyResults results) => JsonSerializer.Serialize(
        results with { FinishedUtc = "", Models = results.Models.Select(m => m with { TrainSeconds = 0 }).ToList() },
        StudyResultsJson.Default.StudyResults);

    public void Write(string yaml) => File.WriteAllText(Path.Combine(Folder, "study.yaml"), yaml);

    public StudyResults Run(StudyObserver? observer = null, string results = "results")
    {
        using var catalog = new StudyCatalog();
        string file = Path.Combine(Folder, "study.yaml");
        StudyReadResult read = StudyReader.Read(file, catalog);
        Assert.Empty(read.Problems);
        using ResultsFolder folder = ResultsFolder.Open(Path.Combine(Folder, results));
        return new StudyRunner(read, catalog, observer ?? new StudyObserver()).Run(file, folder, new StudyRunOptions("test"), CancellationToken.None);
    }

    public string RunFolder(string pattern) => Directory.GetDirectories(Path.Combine(Folder, "results", "runs"), pattern).Single();

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>Fails where it is told to, and keeps what it is told.</summary>
internal sealed class StudyObserver : IStudyObserver
{
    public string? FailAt { get; init; }

    public List<string> Notes { get; } = [];

    public void Stage(string title)
    {
        if (title == FailAt)
        {
            throw new TimeoutException(title);
        }
    }

    public void Note(string text) => Notes.Add(text);

    public void Training(TrainingProgress progress)
    {
    }

    public void RunFinished(PlannedRun run, EpochMetrics last)
    {
    }

    public void Analysis(string title, AnalysisProgress progress)
    {
    }
}
