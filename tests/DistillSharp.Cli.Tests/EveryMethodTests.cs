using System.Globalization;
using DistillSharp.Cli.Tests.Support;
using DistillSharp.Distillation;
using DistillSharp.Studies;

namespace DistillSharp.Cli.Tests;

/// <summary>The example with every method: complete, valid, and it runs on real data.</summary>
public sealed class EveryMethodTests : IDisposable
{
    private const string Example = "examples/every-method.yaml";

    private readonly string _folder = Directory.CreateTempSubdirectory("distillsharp-every-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Should_name_every_method_without_a_problem()
    {
        using var catalog = new StudyCatalog();
        StudyReadResult read = StudyReader.Read(Path.Combine(Repository.Root, Example), catalog);
        Assert.Empty(read.Problems);
        Assert.Equal(
            MethodRegistry.All.Select(m => m.Name).Order(),
            read.Study!.Students.Methods.Where(m => m.Parts.Count == 0).Select(m => m.Name).Order());
    }

    [Fact]
    public void Should_lower_the_loss_of_every_method_on_real_images()
    {
        string file = Path.Combine(_folder, "study.yaml"), results = Path.Combine(_folder, "results");
        string small = Repository.Read(Example).Replace("train: 3000", "train: 960", StringComparison.Ordinal).Replace("validation: 500", "validation: 0", StringComparison.Ordinal)
            .Replace("test: 2000", "test: 200", StringComparison.Ordinal).Replace("analyses: [fidelity]", "analyses: []", StringComparison.Ordinal);
        Assert.Contains("train: 960", small, StringComparison.Ordinal);
        File.WriteAllText(file, small);
        DistillProcess.Run("study", "run", file, "--output", results).Expect(ExitCodes.Done);

        var risen = new List<string>();
        string[] runs = Directory.GetDirectories(Path.Combine(results, "runs"));
        Assert.Equal(MethodRegistry.All.Count + 2, runs.Length);
        foreach (string run in runs)
        {
            double[] losses = [.. File.ReadLines(Path.Combine(run, "metrics.csv")).Skip(1).Select(l => double.Parse(l.Split(',')[2], CultureInfo.InvariantCulture))];
            if (losses[^1] >= losses[0])
            {
                risen.Add($"{Path.GetFileName(run)}: {string.Join(", ", losses)}");
            }
        }

        Assert.True(risen.Count == 0, string.Join('\n', risen));
    }
}
