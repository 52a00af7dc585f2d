using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Studies;

/// <summary>Finds out what the machine and the software are.</summary>
public static class EnvironmentProbe
{
    /// <summary>Versions, threads, BLAS, CPU and commit, in the order to be shown.</summary>
    /// <param name="trainingThreads">How training is shared out, in words; null where there is no training.</param>
    public static RunEnvironment Probe(string? trainingThreads = null)
    {
        TorchRuntime.EnsureStarted();
        string configuration = TorchRuntime.Configuration;
        var entries = new List<EnvironmentEntry>
        {
            new("DistillSharp", Version()),
            new("Commit", Commit()),
            new("libtorch", TorchRuntime.Version),
            new("BLAS", Blas()),
            new("CPU", Cpu()),
            new("CPU capability", Line(configuration, "CPU capability usage:") ?? "unknown"),
            new("Cores", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
            new("libtorch threads", TorchRuntime.Threads.ToString(CultureInfo.InvariantCulture)),
        };
        if (trainingThreads is not null)
        {
            entries.Add(new("Training", trainingThreads));
        }

        entries.Add(new("CUDA devices", Device.CudaCount.ToString(CultureInfo.InvariantCulture)));
        entries.Add(new("Memory", string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30):F1} GiB")));
        entries.Add(new(".NET", RuntimeInformation.FrameworkDescription));
        entries.Add(new("System", RuntimeInformation.OSDescription + " " + RuntimeInformation.ProcessArchitecture));
        return new RunEnvironment(entries);
    }

    /// <summary>What makes this machine's libtorch slow, in sentences that say what to do; empty where nothing does.</summary>
    public static IReadOnlyList<string> Warnings()
    {
        TorchRuntime.EnsureStarted();
        var warnings = new List<string>();
        IReadOnlyList<string> blas = LoadedBlas();
        if (blas.Count > 0 && !blas.Any(IsFast))
        {
            warnings.Add($"libtorch uses the reference BLAS ({blas[0]}), which is about 20 times slower than OpenBLAS. On Debian: apt-get install libopenblas0-openmp.");
        }
        else if (blas.Any(b => b.Contains("openblas-pthread", StringComparison.Ordinal)))
        {
            warnings.Add("OpenBLAS runs threads of its own beside libtorch's (the pthread flavour). On Debian: apt-get install libopenblas0-openmp, and choose it with update-alternatives.");
        }

        if (TorchRuntime.Threads == 1 && Environment.ProcessorCount > 1)
        {
            warnings.Add($"libtorch uses one thread on {Environment.ProcessorCount} cores: OMP_NUM_THREADS is set to 1. Unset it, or set it to {Environment.ProcessorCount}.");
        }

        return warnings;
    }

    private static string Version() =>
        typeof(EnvironmentProbe).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    // The commit that the program was built from stands behind the '+' of the version: the SDK puts it there.
    private static string Commit() =>
        typeof(EnvironmentProbe).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion is { } version
        && version.IndexOf('+') is var plus and > 0
            ? version[(plus + 1)..]
            : "unknown";

    private static string Blas()
    {
        IReadOnlyList<string> loaded = LoadedBlas();
        return loaded.Count == 0 ? "inside libtorch" : string.Join(", ", loaded);
    }

    private static List<string> LoadedBlas()
    {
        // BLAS is loaded with libtorch; a small product makes sure that a lazily bound one is there, too.
        using var scope = new TensorScope();
        Operators.Ones([4, 4]).Mm(Operators.Ones([4, 4]));
        return TorchRuntime.LoadedBlas().Where(p => !Path.GetFileName(p).StartsWith("libgslcblas", StringComparison.Ordinal)).ToList();
    }

    private static bool IsFast(string path) =>
        path.Contains("openblas", StringComparison.OrdinalIgnoreCase) || path.Contains("mkl", StringComparison.OrdinalIgnoreCase)
        || path.Contains("blis", StringComparison.OrdinalIgnoreCase) || path.Contains("atlas", StringComparison.OrdinalIgnoreCase);

    private static string Cpu()
    {
        const string Info = "/proc/cpuinfo";
        string? model = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return model is null ? RuntimeInformation.ProcessArchitecture.ToString() : model[(model.IndexOf(':') + 1)..].Trim();
    }

    private static string? Line(string text, string label)
    {
        foreach (string line in text.Split('\n'))
        {
            int at = line.IndexOf(label, StringComparison.Ordinal);
            if (at >= 0)
            {
                return line[(at + label.Length)..].Trim();
            }
        }

        return null;
    }
}
