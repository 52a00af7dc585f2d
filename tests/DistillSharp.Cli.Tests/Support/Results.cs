using System.Text.Json.Nodes;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Cli.Tests.Support;

/// <summary>Compares results folders.</summary>
internal static class Results
{
    /// <summary>Asserts that the same was trained, bit for bit, and the same found.</summary>
    public static void Same(string expected, string actual)
    {
        SameRuns(expected, actual);
        Assert.Equal(Findings(expected), Findings(actual));
        foreach (string file in Directory.GetFiles(Path.Combine(expected, "measurements"), "*", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(expected, "pictures"), "*", SearchOption.AllDirectories)))
        {
            SameBytes(file, Path.Combine(actual, Path.GetRelativePath(expected, file)));
        }
    }

    /// <summary>Asserts that every run of one folder is in the other, with equal weights and metrics.</summary>
    public static void SameRuns(string expected, string actual)
    {
        string[] runs = Directory.GetDirectories(Path.Combine(expected, "runs"));
        Assert.NotEmpty(runs);
        foreach (string run in runs)
        {
            string other = Path.Combine(actual, "runs", Path.GetFileName(run));
            SameBytes(Path.Combine(run, "metrics.csv"), Path.Combine(other, "metrics.csv"));
            SameBytes(Path.Combine(run, "model.safetensors"), Path.Combine(other, "model.safetensors"));
        }
    }

    /// <summary>Asserts that nothing lies about that belongs to unfinished work.</summary>
    public static void Clean(string folder)
    {
        Assert.Empty(Directory.GetFiles(folder, AtomicFile.TemporaryPrefix + "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }));
        Assert.Empty(Directory.GetFiles(folder, "checkpoint.safetensors", SearchOption.AllDirectories));
    }

    /// <summary>When each file of the runs and measurements was written.</summary>
    public static Dictionary<string, DateTime> Times(string folder) => new[] { "runs", "measurements" }
        .SelectMany(f => Directory.GetFiles(Path.Combine(folder, f), "*", SearchOption.AllDirectories))
        .ToDictionary(f => f, File.GetLastWriteTimeUtc);

    /// <summary>The findings without what differs from repeat to repeat: the command, moments and durations.</summary>
    public static string Findings(string folder)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "findings.json")))!;
        foreach (string name in new[] { "command", "finishedUtc", "environment" })
        {
            Assert.True(root.AsObject().Remove(name), $"findings.json has no '{name}'.");
        }

        foreach (JsonNode? model in root["models"]!.AsArray())
        {
            Assert.True(model!.AsObject().Remove("trainSeconds"), "findings.json has no training seconds.");
        }

        return root.ToJsonString();
    }

    private static void SameBytes(string expected, string actual) =>
        Assert.True(File.ReadAllBytes(expected).AsSpan().SequenceEqual(File.ReadAllBytes(actual)), $"{actual} differs from {expected}.");
}
