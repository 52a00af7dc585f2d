using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch;

/// <summary>The libtorch that is loaded: its version, threads and settings.</summary>
public static unsafe class TorchRuntime
{
    private static readonly Lazy<bool> Started = new(Start);

    /// <summary>libtorch's version, e.g. <c>1.13.0</c>.</summary>
    public static string Version => Native.Version();

    /// <summary>How many threads an operator may use, on whichever thread it is called; libtorch's own default is one under Debian.</summary>
    /// <exception cref="TorchException">The number set is below 1.</exception>
    public static int Threads
    {
        get => Native.Threads();
        set => Native.Check(Native.SetThreads(value));
    }

    /// <summary>From now on operators called on this thread use so many threads, whatever <see cref="Threads"/> says for others.</summary>
    /// <exception cref="TorchException">The number is below 1.</exception>
    public static void UseThreadsHere(int count) => Native.Check(Native.SetThreadsHere(count));

    /// <summary>libtorch's own account of how it was built and how it runs in parallel.</summary>
    public static string Configuration
    {
        get
        {
            byte* text;
            Native.Check(Native.Configuration(&text));
            return Native.TakeText(text);
        }
    }

    /// <summary>
    /// Checks every operator against the libtorch that is loaded and sets the threads: as many as there are cores,
    /// or what OMP_NUM_THREADS says. Denormal numbers count as zero: they cost up to a hundred times more and change nothing that is measured.
    /// The C library keeps freed memory for the next step rather than hand it back to the system in between.
    /// Doing it twice does nothing more.
    /// </summary>
    /// <exception cref="TorchException">libtorch is missing, or an operator is missing or differs; the message names each.</exception>
    public static void EnsureStarted() => _ = Started.Value;

    /// <summary>
    /// Whether operators that have a reproducible form use it, and those that have none (on CUDA) are refused.
    /// On the CPU results are reproducible for one number of threads either way.
    /// </summary>
    public static void UseDeterministicAlgorithms(bool enabled) => Native.Deterministic(enabled ? 1 : 0);

    /// <summary>Seeds the generators that operators without one of their own draw from (dropout).</summary>
    public static void ManualSeed(ulong seed) => Native.Check(Native.ManualSeed(seed));

    /// <summary>The BLAS library files that the process has loaded, links resolved.</summary>
    public static IReadOnlyList<string> LoadedBlas() =>
        !File.Exists("/proc/self/maps")
            ? []
            : File.ReadLines("/proc/self/maps")
                .Select(line => line.IndexOf('/') is var start and >= 0 ? line[start..] : "")
                .Where(path => Path.GetFileName(path) is var name && (name.Contains("blas", StringComparison.Ordinal) || name.Contains("mkl", StringComparison.Ordinal)))
                .Distinct()
                .ToList();

    private static bool Start()
    {
        try
        {
            OperatorTable.EnsureLoaded();
        }
        catch (TypeInitializationException e) when (e.InnerException is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new TorchException("libtorch could not be loaded: " + e.InnerException.Message + " Build the project where libtorch is installed, or set LIBTORCH and build again.");
        }
        catch (TypeInitializationException e) when (e.InnerException is TorchException inner)
        {
            throw inner;
        }

        string? wanted = Environment.GetEnvironmentVariable("OMP_NUM_THREADS");
        Threads = int.TryParse(wanted, out int count) && count > 0 ? count : Environment.ProcessorCount;
        Native.FlushDenormals(1);
        Native.KeepFreedMemory();
        return true;
    }
}
