using DistillSharp.Auditing;
using DistillSharp.Configuration;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Studies;
using DistillSharp.Tests.Training;
using DistillSharp.Training;
using DistillSharp.Torch;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Auditing;

/// <summary>Small data and files of untrained networks for them, in a folder that is gone after the test.</summary>
internal sealed class AuditFixture : IDisposable
{
    public static readonly ImageTask Task = new(1, LearnableImages.Size, LearnableImages.Size, LearnableImages.Classes);

    private readonly long _liveBefore = LiveTensors();

    public AuditFixture() => LearnableImages.Write(this["data"], train: 80, test: 60);

    public string Folder { get; } = Directory.CreateTempSubdirectory("distillsharp-audit-").FullName;

    public StudyCatalog Catalog { get; } = new();

    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Writes the weights of a network and gives the file.</summary>
    public string Write(string name, ulong seed, string model = "resnet8", ImageTask? task = null, long[]? widths = null)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        OptionValues? options = widths is null ? null : new OptionValues(ModelZoo.Get(model).Options, new Dictionary<string, object?> { ["widths"] = widths });
        using ImageModel network = ModelZoo.Create(model, task ?? Task, seed, options);
        WeightsFile.Write(this[name], network.StateDict());
        return this[name];
    }

    /// <summary>A request for these data.</summary>
    public AuditRequest Request(string teacher, params string[] students) => new()
    {
        Teacher = teacher,
        Students = students,
        Data = "idx",
        DataPath = this["data"],
        Analyses = ["fidelity"],
    };

    public AuditCheckResult Check(AuditRequest request) => AuditCheck.Run(request, Catalog);

    /// <summary>The only problem of a request.</summary>
    public AuditProblem Problem(AuditRequest request)
    {
        AuditCheckResult result = Check(request);
        Assert.Null(result.Plan);
        return Assert.Single(result.Problems);
    }

    public void Dispose()
    {
        Catalog.Dispose();
        Directory.Delete(Folder, recursive: true);
        Assert.Equal(_liveBefore, LiveTensors());
    }

    /// <summary>Told nothing.</summary>
    public sealed class Silent : IStudyObserver
    {
        public void Stage(string title)
        {
        }

        public void Note(string text)
        {
        }

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

    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.LiveCount;
    }
}
