using DistillSharp.Studies;
using DistillSharp.Tests.Studies.Running;

namespace DistillSharp.Tests.Studies.Comparing;

/// <summary>Small finished studies to be compared, trained once for all tests.</summary>
public sealed class ComparedStudies : IDisposable
{
    private const string Study = """
        study: tiny
        data: { name: idx, path: data, train: 96 }
        teachers: [{ name: large, model: convnet, widths: [8, 16], seed: 100, budget: { epochs: 12 } }]
        students: { model: convnet, widths: [6, 8], seeds: [0, 1, 2], methods: [independent, kl] }
        budget: { epochs: 4, batch-size: 12 }
        analyses: [fidelity]
        """;

    private readonly StudyBench _bench = new(Study);

    public ComparedStudies()
    {
        // The folder of the first holds older measurements, of two seeds, beside its own.
        Run("first", Study.Replace("[0, 1, 2]", "[0, 1]", StringComparison.Ordinal));
        Run("first", Study);
        Run("weight", Study.Replace("study: tiny", "study: light", StringComparison.Ordinal).Replace("kl]", "{ kl: { weight: 0.1 } }, hint]", StringComparison.Ordinal));
        Run("seeds", Study.Replace("[0, 1, 2]", "[3, 4]", StringComparison.Ordinal));
        Run("more", Study.Replace("[0, 1, 2]", "[7, 2, 0, 1]", StringComparison.Ordinal).Replace("methods: [independent, kl]", "methods: [independent, { kl: { weight: 0.1 } }]", StringComparison.Ordinal));
    }

    /// <summary>Three seeds.</summary>
    public string First => this["first"];

    /// <summary>The same with a lower weight of kl, and with hint.</summary>
    public string Weight => this["weight"];

    /// <summary>The same with two other seeds.</summary>
    public string Seeds => this["seeds"];

    /// <summary>Three of its four seeds are those of the first; a lower weight of kl.</summary>
    public string More => this["more"];

    public string this[string name] => Path.Combine(_bench.Folder, name);

    /// <summary>A copy of a results folder without its runs, to be changed.</summary>
    public string Copy(string folder, string name)
    {
        foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(f => !Path.GetRelativePath(folder, f).StartsWith("runs", StringComparison.Ordinal)))
        {
            string to = Path.Combine(this[name], Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to, overwrite: true);
        }

        return this[name];
    }

    /// <summary>A copy whose resolved study has another value.</summary>
    public string CopyWith(string folder, string name, string old, string replacement)
    {
        string copy = Copy(folder, name), resolved = Path.Combine(copy, "study.resolved.yaml");
        string text = File.ReadAllText(resolved);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(resolved, text.Replace(old, replacement, StringComparison.Ordinal));
        return copy;
    }

    public void Dispose() => _bench.Dispose();

    private void Run(string results, string yaml)
    {
        _bench.Write(yaml);
        Assert.All(_bench.Run(results: results).Findings, f => Assert.NotNull(f.Effect));
    }
}
