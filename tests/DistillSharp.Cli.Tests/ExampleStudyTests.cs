using DistillSharp.Cli.Tests.Support;
using DistillSharp.Studies;

namespace DistillSharp.Cli.Tests;

/// <summary>Every study that comes with the project can be run as it is, where its data are.</summary>
public sealed class ExampleStudyTests
{
    /// <summary>Every study below <c>examples</c>, relative to the root.</summary>
    public static TheoryData<string> Studies =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "examples"), "*.yaml", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Repository.Root, f))
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any())
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Studies))]
    public void Should_have_nothing_wrong(string study)
    {
        using var catalog = new StudyCatalog();

        StudyReadResult read = StudyReader.Read(Path.Combine(Repository.Root, study), catalog);

        // Data that are not on this machine (MNIST, PACS) are the only thing that may be missing.
        Assert.DoesNotContain(read.Problems, p => p.Path is not ("data.name" or "data.path") || !p.Message.Contains("was not found", StringComparison.Ordinal));
    }

    /// <summary>What is compared with another study differs from it in nothing else.</summary>
    [Fact]
    public void Should_start_students_as_their_teacher_and_change_nothing_else()
    {
        // The second teacher's seed is the first one's, so that both teachers' students share their start.
        string[] fresh = Lines("domain-adaptation.yaml"), same = Lines("domain-adaptation-same-start.yaml");
        Assert.Equal(["  start: teacher"], same.Except(fresh));
        Assert.Equal(["    seed: 200"], fresh.Except(same));
        Assert.Equal(fresh.Select(l => l == "    seed: 200" ? "    seed: 100" : l), same.Where(l => l != "  start: teacher"));
    }

    [Fact]
    public void Should_teach_longer_and_change_nothing_else()
    {
        string[] usual = Lines("domain-adaptation.yaml"), longer = Lines("domain-adaptation-longer.yaml");

        // Fewer seeds, methods and analyses change nothing in what is compared.
        Assert.Equal(["  train: 18000 # about 6,000 digits in each domain", "  seeds: [0, 1, 2]", "  epochs: 10"], longer.Except(usual));
    }

    private static string[] Lines(string name) =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "examples", "ojha2023", name))
            .Where(l => !l.StartsWith('#') && !l.StartsWith("study:", StringComparison.Ordinal) && !l.StartsWith("description:", StringComparison.Ordinal)),
    ];
}
