using DistillSharp.Tests.Training;

namespace DistillSharp.Cli.Tests.Support;

/// <summary>A study of seconds in a folder that is gone after the test.</summary>
internal sealed class TinyStudy : IDisposable
{
    public const string AllMethods = "[independent, kl, hint, { crd: { negatives: 32, dimension: 16 } }]";
    public const string AllAnalyses = "[fidelity, { localization: { images: 24 } }, { adversarial: { images: 16 } }]";

    public TinyStudy() => LearnableImages.Write(Path.Combine(Folder, "data"), train: 220, test: 60);

    public string Folder { get; } = Directory.CreateTempSubdirectory("distillsharp-cli-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Writes a study and gives its path.</summary>
    public string Write(
        string name = "study.yaml",
        string methods = AllMethods,
        string analyses = AllAnalyses,
        string seeds = "[0, 1]",
        int epochs = 2,
        string rate = "0.05",
        string teachers = "[{ model: convnet, widths: [8, 16], seed: 100 }, { model: convnet, widths: [8, 16], seed: 200 }]")
    {
        File.WriteAllText(this[name], $$"""
            study: tiny
            data: { name: idx, path: data, validation: 28, augmentation: { crop: 1, flip: true } }
            teachers: {{teachers}}
            students:
              model: convnet
              widths: [4, 8]
              seeds: {{seeds}}
              methods: {{methods}}
            budget: { epochs: {{epochs}}, batch-size: 32, optimizer: { name: sgd, learning-rate: {{rate}} } }
            analyses: {{analyses}}
            """);
        return this[name];
    }

    /// <summary>The folder of a run whose key begins so, e.g. <c>student-kl-s0</c>.</summary>
    public string Run(string results, string begin) => Directory.GetDirectories(Path.Combine(this[results], "runs"), begin + "-*").Single();

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
