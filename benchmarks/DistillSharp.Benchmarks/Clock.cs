using System.Diagnostics;
using System.Globalization;

namespace DistillSharp.Benchmarks;

/// <summary>
/// Times an action many times over. Beside the wall clock it gives the processor's time, which on a machine in use says more:
/// what others take is not in it (but the waiting of libtorch's own threads for each other is).
/// </summary>
internal static class Clock
{
    /// <summary>Milliseconds: the fastest, the median, and processor time on average.</summary>
    public static (double Fastest, double Median, double Processor) Measure(Action action, double seconds = 0.6, int fewest = 7, int warmUp = 4)
    {
        for (int i = 0; i < warmUp; i++)
        {
            action();
        }

        var times = new List<double>();
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        while (times.Count < fewest || times.Sum() < seconds * 1e3)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        process.Refresh();
        double processor = (process.TotalProcessorTime - before).TotalMilliseconds / times.Count;
        times.Sort();
        return (times[0], times[times.Count / 2], processor);
    }

    /// <summary>Prints one line that the scripts read: case, way, threads and the three figures.</summary>
    public static void Report(string name, string way, int threads, (double Fastest, double Median, double Processor) time) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name} {way} {threads} {time.Fastest:F3} {time.Median:F3} {time.Processor:F3}"));
}
