using System.CommandLine;
using DistillSharp.Cli.Commands;
using DistillSharp.Data;
using DistillSharp.Reporting;
using DistillSharp.Studies;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;
using DistillSharp.Training;
using Spectre.Console;

namespace DistillSharp.Cli;

/// <summary>The <c>distill</c> command: its subcommands, and what each kind of failure says and returns.</summary>
public static class DistillCommand
{
    /// <summary>Runs the command.</summary>
    /// <param name="arguments">What stands behind the command's name.</param>
    /// <param name="console">Where results go.</param>
    /// <param name="errors">Where failures go.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, IAnsiConsole console, TextWriter errors)
    {
        ParseResult parsed = Build(console, errors).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
            {
                errors.WriteLine(error.Message);
            }

            errors.WriteLine($"See: {Path(parsed)} --help");
            return ExitCodes.WrongRequest;
        }

        // Signals are handled by the commands that save something; the library's own handling would end them after two seconds.
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return parsed.Invoke(configuration);
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine("Stopped. What was unfinished is saved; the same command goes on from there.");
            return ExitCodes.Stopped;
        }
        catch (Exception e)
        {
            int code = CodeOf(e);
            errors.WriteLine(code == ExitCodes.Unexpected ? $"Unexpected failure, a defect of this program:\n{e}" : e.Message);
            return code;
        }
    }

    internal static RootCommand Build(IAnsiConsole console, TextWriter errors) =>
        new("Trains students from teachers by knowledge distillation and shows what each student inherited.")
        {
            StudyCommand.Create(console, errors),
            DoctorCommand.Create(console),
            VerifyCommand.Create(console),
            MethodsCommand.Create(console),
            ModelsCommand.Create(console),
            AnalysesCommand.Create(console),
        };

    private static int CodeOf(Exception e) => e switch
    {
        NonFiniteLossException => ExitCodes.Diverged,
        ResultsInUseException => ExitCodes.InUse,
        DataFormatException or SafeTensorsException or CheckpointException or InvalidDataException or ReportException
            or FileNotFoundException or DirectoryNotFoundException => ExitCodes.BadInput,
        IOException or UnauthorizedAccessException => ExitCodes.CannotWrite,
        TorchException { InnerException: null } when e.Message.StartsWith("libtorch could not be loaded", StringComparison.Ordinal)
            || e.Message.StartsWith("The libtorch that is loaded", StringComparison.Ordinal) => ExitCodes.NoEngine,
        ArgumentException { ParamName: "name" } => ExitCodes.WrongRequest,
        _ => ExitCodes.Unexpected,
    };

    private static string Path(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = parsed.CommandResult; at is System.CommandLine.Parsing.CommandResult command; at = at.Parent)
        {
            names.Push(command.Command is RootCommand ? "distill" : command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
