using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using DistillSharp.Auditing;
using DistillSharp.Cli.Display;
using DistillSharp.Reporting;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill audit --teacher A --student B --data D</c>.</summary>
internal static class AuditCommand
{
    public static Command Create(IAnsiConsole console, TextWriter errors)
    {
        const string Model = "a file of weights (safetensors, .pth, .pt) or the folder of a finished run";
        var teacher = new Option<string?>("--teacher") { Description = $"The teacher: {Model}." };
        Option<string[]> students = Several("--student", $"The students, one a seed: {Model}; LABEL=FILE names the method.");
        Option<string[]> independent = Several("--independent", "Control, the floor: students of the same network and budget trained without a teacher, paired with the students by order.");
        var otherTeacher = new Option<string?>("--other-teacher") { Description = "Control: a teacher that the students did not have." };
        Option<string[]> otherStudents = Several("--other-student", "Control: students of the other teacher, labelled and paired as the students.");
        Option<string[]> data = Several("--data", "The data set's name, then its options as option=value.");
        var path = new Option<string?>("--path") { Description = "The folder with the data; the usual places where left out." };
        Option<int?> images = Count("--images", "How many test images, the same part as in a study; all where left out.");
        Option<int?> trainImages = Count("--train-images", "How many training images fidelity is measured on, too; none where left out.");
        Option<string[]> analyses = Several("--analyses", "The analyses, separated by commas; all that apply where left out.");
        Option<string[]> options = Several("--option", "An option of an analysis: localization.images=500.");
        var output = new Option<string?>("--output", "-o") { Description = "The results folder; results/audit-<student>-<hash> where left out." };
        var repeat = new Option<string?>("--repeat") { Description = "Repeats the audit of a results folder, from its audit.json; goes with --output only." };
        var teacherReading = new ReadingOptions("--teacher", "the teacher");
        var studentReading = new ReadingOptions("--student", "all students");
        var otherReading = new ReadingOptions("--other-teacher", "the other teacher");
        Option<string?> mean = Numbers("--mean", "Means that all models normalise by, one a channel, of values in [0, 1]: 0.49,0.48,0.45; the data set's where left out.");
        Option<string?> deviation = Numbers("--std", "Standard deviations to go with --mean.");
        var command = new Command("audit", "Show what finished students took over from their teacher: every analysis that needs no training, with the controls at hand.")
        {
            teacher, students, independent, otherTeacher, otherStudents, data, path, images, trainImages, analyses, options, output, repeat, mean, deviation,
        };
        foreach (Option option in teacherReading.All.Concat(studentReading.All).Concat(otherReading.All))
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            AuditRecord? record = parsed.GetValue(repeat) is { } earlier ? AuditRecord.Read(earlier) : null;
            string[] given = parsed.GetValue(data) ?? [];
            if (record is not null && parsed.CommandResult.Children.OfType<System.CommandLine.Parsing.OptionResult>().FirstOrDefault(o => !o.Implicit && o.Option != repeat && o.Option != output) is { } more)
            {
                throw new RequestException($"--repeat takes everything from the record; expected no other option than --output, found {more.Option.Name}.");
            }

            string[] missing = record is not null ? [] : [.. new[] { (parsed.GetValue(teacher) is null, "--teacher"), ((parsed.GetValue(students) ?? []).Length == 0, "--student"), (given.Length == 0, "--data") }.Where(m => m.Item1).Select(m => m.Item2)];
            if (missing.Length > 0)
            {
                throw new RequestException($"An audit needs a teacher, at least one student and data; {string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} missing. See: distill audit --help");
            }

            ModelReading Reading(ReadingOptions of) => of.Read(parsed, parsed.GetValue(mean), parsed.GetValue(deviation));
            AuditRequest request = record?.Request ?? new AuditRequest
            {
                Teacher = parsed.GetValue(teacher)!,
                Students = parsed.GetValue(students)!,
                Independent = parsed.GetValue(independent) ?? [],
                OtherTeacher = parsed.GetValue(otherTeacher),
                OtherStudents = parsed.GetValue(otherStudents) ?? [],
                TeacherReading = Reading(teacherReading),
                StudentReading = Reading(studentReading),
                OtherTeacherReading = Reading(otherReading),
                Data = given[0],
                DataOptions = given[1..],
                DataPath = parsed.GetValue(path),
                TestImages = parsed.GetValue(images),
                TrainImages = parsed.GetValue(trainImages) ?? 0,
                Analyses = parsed.GetValue(analyses) is { Length: > 0 } asked ? [.. asked.SelectMany(a => a.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))] : null,
                AnalysisOptions = parsed.GetValue(options) ?? [],
            };
            string typed = string.Join(' ', parsed.Tokens.Select(t => StudyCommand.Quoted(t.Value)).Prepend("distill"));
            return Run(console, errors, request, record, parsed.GetValue(output), typed);
        });
        return command;
    }

    /// <summary>The exit code of a kind of problem.</summary>
    public static int CodeOf(AuditProblemKind kind) => kind switch
    {
        AuditProblemKind.File => ExitCodes.BadInput,
        AuditProblemKind.Mismatch => ExitCodes.Mismatch,
        _ => ExitCodes.WrongRequest,
    };

    private static int Run(IAnsiConsole console, TextWriter errors, AuditRequest request, AuditRecord? record, string? output, string command)
    {
        using var catalog = new StudyCatalog();
        AuditCheckResult check = AuditCheck.Run(request, catalog);
        foreach (string warning in check.Warnings)
        {
            errors.WriteLine($"warning: {warning}");
        }

        List<AuditProblem> problems = [.. check.Problems, .. check.Plan is { } made && record is not null ? record.Changes(made) : []];
        if (problems.Count > 0)
        {
            problems.ForEach(errors.WriteLine);
            errors.WriteLine($"The audit has {problems.Count} problem{(problems.Count == 1 ? "" : "s")}; nothing was measured.");
            return CodeOf(new AuditException(problems).Kind);
        }

        AuditPlan plan = check.Require();
        string path = output ?? Path.Combine("results", plan.Name);
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = StudyCommand.OnSignal(PosixSignal.SIGINT, stop, errors);
        using PosixSignalRegistration terminate = StudyCommand.OnSignal(PosixSignal.SIGTERM, stop, errors);
        foreach (string warning in EnvironmentProbe.Warnings())
        {
            console.MarkupLineInterpolated($"[yellow]slow:[/] {warning}");
        }

        StudyResults results = StudyView.Run(console, view =>
        {
            var runner = new AuditRunner(plan, check.Warnings, view);
            if (runner.CheckFolder(path) is { } problem)
            {
                throw new AuditException([problem]);
            }

            using ResultsFolder folder = ResultsFolder.Open(path);
            return runner.Run(folder, command, stop.Token);
        });
        ReportFiles report = ReportWriter.Write(path);
        ResultsView.Write(console, results);
        console.WriteLine();
        console.WriteLine($"Report: {report.Html}");
        return ExitCodes.Done;
    }

    private static Option<string[]> Several(string name, string description) => new(name) { Description = description, AllowMultipleArgumentsPerToken = true };

    private static Option<int?> Count(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            string? given = result.Tokens.SingleOrDefault()?.Value;
            if (given is not null && !int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                result.AddError($"{name} takes a whole number, found '{given}'.");
            }
        });
        return option;
    }

    private static Option<string?> Numbers(string name, string description) => new(name) { Description = description };

    /// <summary>How the weights of one kind of model are read.</summary>
    private sealed class ReadingOptions(string role, string words)
    {
        private readonly Option<string[]> _model = Several($"{role}-model", $"The network of {words} with its options (convnet widths=16,32,64), where names and shapes do not tell it.");
        private readonly Option<string?> _key = new($"{role}-key") { Description = $"The key of the state dict in the file of {words}, e.g. ema." };
        private readonly Option<string?> _mean = Numbers($"{role}-mean", $"As --mean, for {words} alone.");
        private readonly Option<string?> _deviation = Numbers($"{role}-std", $"As --std, for {words} alone.");

        public IEnumerable<Option> All => [_model, _key, _mean, _deviation];

        public ModelReading Read(ParseResult parsed, string? mean, string? deviation) => new()
        {
            Model = parsed.GetValue(_model) ?? [],
            Key = parsed.GetValue(_key),
            Mean = Parse(_mean.Name, parsed.GetValue(_mean) ?? mean),
            StandardDeviation = Parse(_deviation.Name, parsed.GetValue(_deviation) ?? deviation),
        };

        private static double[] Parse(string name, string? text) => text is null ? [] : Array.ConvertAll(text.Split(','), word =>
            double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? number
                : throw new RequestException($"{name} takes numbers separated by commas, one a channel, found '{text}'."));
    }
}
