using System.Diagnostics;

namespace DistillSharp.Tests.Weights;

/// <summary>A Python that has PyTorch, where there is one.</summary>
internal static class PythonWithTorch
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly Lazy<string?> Found = new(() =>
        ((string[])["/usr/bin/python3", "python3"]).FirstOrDefault(p => Start(p, "-c", "import torch").Code == 0));

    /// <summary>Skips the test where no Python has PyTorch, saying so.</summary>
    public static void Require() => Assert.SkipUnless(Found.Value is not null, "No python3 here can import torch. To run this test, install PyTorch (Debian: python3-torch).");

    /// <summary>Runs a script of this folder; its output where it ends with 0.</summary>
    public static string Run(string script, params IEnumerable<string> arguments)
    {
        (int code, string output) = Start(Found.Value!, [Path.Combine(WeightsFixtures.Root, "tests", "DistillSharp.Tests", "Weights", script), .. arguments]);
        Assert.True(code == 0, $"{script} ended with {code}:\n{output}");
        return output;
    }

    private static (int Code, string Output) Start(string python, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            if (!process.WaitForExit(Limit))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"{python} did not end within {Limit.TotalSeconds} s.");
            }

            return (process.ExitCode, output + errors.Result);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message); // there is no such program
        }
    }
}
