using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using DistillSharp.Cli.Display;
using DistillSharp.Reporting;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill study check|plan|run|show|report|compare</c>.</summary>
internal static class StudyCommand
{
    private const int MostProblems = 50;

    public static Command Create(IAnsiConsole console, TextWriter errors) => new("study", "Check, plan, run and show studies: one YAML file each.")
    {
        Check(console, errors),
        Plan(console, errors),
        Run(console, errors),
        Show(console),
        Report(console),
        CompareCommand.Create(console),
    };

    private static Command Check(IAnsiConsole console, TextWriter errors)
    {
        Argument<string> file = StudyFile();
        var command = new Command("check", "Check a study in full without running it: every problem with its line.") { file };
        command.SetAction(parsed =>
        {
            using var catalog = new StudyCatalog();
            string path = parsed.GetRequiredValue(file);
            if (Read(path, catalog, errors) is not { } read)
            {
                return ExitCodes.WrongRequest;
            }

            StudyPlan plan = StudyPlan.Create(read.Study!);
            console.WriteLine($"{path}: nothing is wrong. {plan.Runs.Count()} runs, {plan.Analyses.Count} {(plan.Analyses.Count == 1 ? "analysis" : "analyses")}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Plan(IAnsiConsole console, TextWriter errors)
    {
        Argument<string> file = StudyFile();
        Option<string?> output = Output();
        var command = new Command("plan", "Show what a study would train and measure, and what of it is finished already.") { file, output };
        command.SetAction(parsed =>
        {
            using var catalog = new StudyCatalog();
            string path = parsed.GetRequiredValue(file);
            if (Read(path, catalog, errors) is not { } read)
            {
                return ExitCodes.WrongRequest;
            }

            PlanView.Write(console, StudyPlan.Create(read.Study!), Folder(parsed.GetValue(output), read.Study!));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Run(IAnsiConsole console, TextWriter errors)
    {
        Argument<string> file = StudyFile();
        Option<string?> output = Output();
        var every = new Option<double?>("--checkpoint-seconds") { Description = "How often unfinished runs are saved (30 where left out)." };
        every.Validators.Add(result =>
        {
            string? given = result.Tokens.SingleOrDefault()?.Value;
            if (given is not null && !(double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and <= 86400))
            {
                result.AddError($"--checkpoint-seconds takes a number from 0 to 86400, found '{given}'.");
            }
        });
        var command = new Command("run", "Run a study, or go on with it. Ctrl-C saves and stops; the same command goes on.") { file, output, every };
        command.SetAction(parsed =>
        {
            using var catalog = new StudyCatalog();
            string path = parsed.GetRequiredValue(file);
            if (Read(path, catalog, errors) is not { } read)
            {
                return ExitCodes.WrongRequest;
            }

            using var stop = new CancellationTokenSource();
            using PosixSignalRegistration interrupt = OnSignal(PosixSignal.SIGINT, stop, errors);
            using PosixSignalRegistration terminate = OnSignal(PosixSignal.SIGTERM, stop, errors);
            string folderPath = Folder(parsed.GetValue(output), read.Study!);
            using ResultsFolder folder = ResultsFolder.Open(folderPath);
            foreach (string warning in EnvironmentProbe.Warnings())
            {
                console.MarkupLineInterpolated($"[yellow]slow:[/] {warning}");
            }

            string written = parsed.GetValue(output) is { } given ? $" --output {Quoted(given)}" : "";
            var options = new StudyRunOptions(
                $"distill study run {Quoted(path)}{written}",
                parsed.GetValue(every) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            StudyResults results = StudyView.Run(console, view => new StudyRunner(read, catalog, view).Run(path, folder, options, stop.Token));
            ReportFiles report = ReportWriter.Write(folder.Root);
            ResultsView.Write(console, results);
            console.WriteLine();
            console.WriteLine($"Report: {report.Html}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Show(IAnsiConsole console)
    {
        Argument<string> folder = ResultsArgument();
        var command = new Command("show", "Show the models and findings of a results folder.") { folder };
        command.SetAction(parsed =>
        {
            ResultsView.Write(console, StudyResultsFile.Read(parsed.GetRequiredValue(folder)));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Report(IAnsiConsole console)
    {
        Argument<string> folder = ResultsArgument();
        var command = new Command("report", "Write the report of a results folder again, from its files.") { folder };
        command.SetAction(parsed =>
        {
            console.WriteLine($"Report: {ReportWriter.Write(parsed.GetRequiredValue(folder)).Html}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Argument<string> StudyFile() => new("study") { Description = "The study, a YAML file (docs/writing-a-study.md)." };

    private static Argument<string> ResultsArgument() => new("folder") { Description = "The results folder of a study." };

    private static Option<string?> Output() => new("--output", "-o") { Description = "The results folder; results/<study's name> where left out." };

    private static string Folder(string? output, StudyDefinition study) => output ?? Path.Combine("results", study.Name);

    // As a shell takes it: the report shows the command to copy.
    internal static string Quoted(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:+,@%".Contains(c)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static StudyReadResult? Read(string path, IStudyCatalog catalog, TextWriter errors)
    {
        StudyReadResult read = StudyReader.Read(path, catalog);
        foreach (StudyProblem problem in read.Problems.Take(MostProblems))
        {
            errors.WriteLine(problem);
        }

        if (read.Problems.Count > MostProblems)
        {
            errors.WriteLine($"... and {read.Problems.Count - MostProblems} more.");
        }

        foreach (StudyProblem warning in read.Warnings)
        {
            errors.WriteLine($"warning: {warning}");
        }

        if (read.IsValid)
        {
            return read;
        }

        errors.WriteLine($"The study has {read.Problems.Count} problem{(read.Problems.Count == 1 ? "" : "s")}; nothing was run.");
        return null;
    }

    internal static PosixSignalRegistration OnSignal(PosixSignal signal, CancellationTokenSource stop, TextWriter errors) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            if (!stop.IsCancellationRequested)
            {
                // The first request saves and stops; a second one is left to end the process at once.
                context.Cancel = true;
                errors.WriteLine("Stopping: saving what is unfinished ...");
                stop.Cancel();
            }
        });
}
