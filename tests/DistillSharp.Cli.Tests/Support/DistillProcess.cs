using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace DistillSharp.Cli.Tests.Support;

/// <summary>The built <c>distill</c> command as a process of its own.</summary>
internal sealed partial class DistillProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private DistillProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The command's dll; it lies beside the tests, which reference it.</summary>
    public static string Dll { get; } = Path.Combine(AppContext.BaseDirectory, "distill.dll");

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => Text(_output);

    public static DistillProcess Start(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet");
        start.ArgumentList.Add(Dll);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new DistillProcess(start);
    }

    /// <summary>Starts it by a bash line, in which <c>"$@"</c> is the command.</summary>
    public static DistillProcess StartFrom(string bash, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("bash");
        foreach (string argument in new[] { "-c", bash, "bash", "dotnet", Dll }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        return new DistillProcess(start);
    }

    /// <summary>Runs it to its end.</summary>
    public static Ended Run(params IEnumerable<string> arguments)
    {
        using DistillProcess process = Start(arguments);
        return process.Wait();
    }

    public Ended Wait()
    {
        if (!_process.WaitForExit(Limit))
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"distill did not end within {Limit.TotalSeconds} s. It said:\n{Text(_output)}\n{Text(_errors)}");
        }

        // Without a limit it waits for the rest of the output, too.
        _process.WaitForExit();
        return new Ended(_process.ExitCode, Text(_output), Text(_errors));
    }

    /// <summary>Waits until a condition holds, or the process has ended.</summary>
    /// <returns>True where it holds.</returns>
    public bool WaitUntil(Func<bool> condition)
    {
        long began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > Limit)
            {
                return condition();
            }

            Thread.Sleep(1);
        }

        return true;
    }

    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static void Add(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

/// <summary>How a process ended, and what it said.</summary>
internal sealed record Ended(int Code, string Output, string Errors)
{
    public Ended Expect(int code)
    {
        Assert.True(Code == code, $"Expected exit code {code}, found {Code}.\n{Output}\n{Errors}");
        return this;
    }
}
