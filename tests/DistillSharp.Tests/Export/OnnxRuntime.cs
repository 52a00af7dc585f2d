using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DistillSharp.Tests.Export;

/// <summary>onnxruntime in a Node process of its own: what users run exported networks with. The build installs it (tests/onnxruntime).</summary>
internal static class OnnxRuntime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly string s_folder = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "OnnxRuntimeFolder").Value!;

    /// <summary>Why it cannot be run; null where it can.</summary>
    public static string? Unavailable { get; } = File.Exists(Path.Combine(s_folder, "installed.stamp"))
        ? null
        : $"onnxruntime is not installed in {s_folder}: npm could not fetch it when the tests were built.";

    /// <summary>Runs models, all in one process.</summary>
    /// <param name="folder">A folder for files.</param>
    /// <param name="jobs">Models with their inputs; those of one model stand together.</param>
    /// <returns>For each job the logits, or why it failed.</returns>
    public static IReadOnlyList<(float[]? Logits, string Answer)> Run(string folder, IReadOnlyList<OnnxJob> jobs)
    {
        var manifest = new JsonArray();
        for (int i = 0; i < jobs.Count; i++)
        {
            File.WriteAllBytes(Input(i), MemoryMarshal.AsBytes(jobs[i].Images.AsSpan()).ToArray());
            manifest.Add(new JsonObject
            {
                ["model"] = jobs[i].Model,
                ["input"] = Input(i),
                ["output"] = Output(i),
                ["shape"] = JsonSerializer.SerializeToNode(jobs[i].Shape),
            });
        }

        string path = Path.Combine(folder, "manifest.json");
        File.WriteAllText(path, manifest.ToJsonString());
        string[] answers = Node(Path.Combine(s_folder, "run.mjs"), path);
        return [.. jobs.Select((_, i) =>
            answers[i].StartsWith("ok ", StringComparison.Ordinal)
                ? (MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Output(i))).ToArray(), answers[i])
                : ((float[]?)null, answers[i]))];

        string Input(int job) => Path.Combine(folder, $"{job}.in");
        string Output(int job) => Path.Combine(folder, $"{job}.out");
    }

    private static string[] Node(params string[] arguments)
    {
        var start = new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0, $"node ended with {process.ExitCode}:\n{errors.Result}");
        return output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>A model and a batch for it.</summary>
internal sealed record OnnxJob(string Model, float[] Images, long[] Shape);
