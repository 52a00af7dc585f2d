using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using DistillSharp.Auditing;
using DistillSharp.Cli.Commands;
using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Export;
using DistillSharp.Reporting;
using DistillSharp.Studies;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;
using DistillSharp.Training;
using DistillSharp.Weights;
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
        RootCommand root = Build(console, errors);
        ParseResult parsed = root.Parse(arguments);
        if (parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0 && parsed.Action is null or ParseErrorAction)
        {
            // A command that only groups others, alone: the question is what there is.
            parsed = root.Parse([.. arguments, "--help"]);
        }

        if (Problems(parsed, arguments) is { Count: > 0 } problems)
        {
            problems.ForEach(errors.WriteLine);
            errors.WriteLine($"See: {Path(parsed)} --help");
            return ExitCodes.WrongRequest;
        }

        // Signals are handled by the commands that save something; the library's own handling would end them after two seconds.
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = console.Profile.Out.Writer,
            Error = errors,
        };
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
            errors.WriteLine(code == ExitCodes.Unexpected ? $"Unexpected failure, a defect of this program:\n{e}" : Message(e));
            return code;
        }
    }

    internal static RootCommand Build(IAnsiConsole console, TextWriter errors) =>
        new("Trains students from teachers by knowledge distillation and shows what each student inherited.")
        {
            StudyCommand.Create(console, errors),
            AuditCommand.Create(console, errors),
            DoctorCommand.Create(console),
            VerifyCommand.Create(console),
            MethodsCommand.Create(console),
            ModelsCommand.Create(console),
            AnalysesCommand.Create(console),
            DataCommand.Create(console),
            LayersCommand.Create(console),
            ImportCommand.Create(console, errors),
            ExportCommand.Create(console),
        };

    private static List<string> Problems(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        Command command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.FirstOrDefault() is { } unknown)
        {
            return [unknown.StartsWith('-') ? UnknownOption(unknown, command) : NearestName.Explain("command", unknown, command.Subcommands.Select(c => c.Name))];
        }

        // A misspelt option would be taken for a file's name; what stands behind "--" is one.
        List<string> misspelt = arguments.Contains("--")
            ? []
            : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)
                .Concat(parsed.UnmatchedTokens)
                .Where(t => t.Length > 1 && t[0] == '-')
                .ToList();
        return misspelt.Count > 0
            ? misspelt.Select(m => UnknownOption(m, command)).ToList()
            : parsed.Errors.Select(e => e.Message).ToList();
    }

    private static string UnknownOption(string name, Command command) =>
        NearestName.Explain("option", name.Split('=')[0], command.Options.SelectMany(o => o.Aliases.Prepend(o.Name)).Append("--help"));

    // .NET adds the parameter's name, which says nothing to who typed the command.
    internal static string Message(Exception e) =>
        e is ArgumentException { ParamName: { } name } ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;

    private static int CodeOf(Exception e) => e switch
    {
        NonFiniteLossException => ExitCodes.Diverged,
        NothingToLearnException or OnnxExportException or StudiesNotComparableException => ExitCodes.WrongRequest,
        WeightsMismatchException => ExitCodes.Mismatch,
        AuditException audit => AuditCommand.CodeOf(audit.Kind),

        ResultsInUseException => ExitCodes.InUse,
        DataFormatException or SafeTensorsException or PyTorchFileException or CheckpointException or InvalidDataException or ReportException
            or FileNotFoundException or DirectoryNotFoundException => ExitCodes.BadInput,
        IOException or UnauthorizedAccessException => ExitCodes.CannotWrite,
        TorchException { InnerException: null } when e.Message.StartsWith("libtorch could not be loaded", StringComparison.Ordinal)
            || e.Message.StartsWith("The libtorch that is loaded", StringComparison.Ordinal) => ExitCodes.NoEngine,
        RequestException or ArgumentException { ParamName: "name" } => ExitCodes.WrongRequest,
        _ => ExitCodes.Unexpected,
    };

    private static string Path(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult command; at = at.Parent)
        {
            names.Push(command.Command is RootCommand ? "distill" : command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
