using System.Globalization;
using DistillSharp.Conformance;
using Spectre.Console;

namespace DistillSharp.Cli.Display;

/// <summary>Shows what came of fixtures: a table on a terminal; elsewhere a line for each as it is done, whatever its length.</summary>
internal sealed class ConformanceView(IAnsiConsole console, bool all)
{
    private readonly bool _terminal = console.Profile.Out.IsTerminal;
    private readonly Table _table = new Table().Border(TableBorder.Simple)
        .AddColumn(new TableColumn("result").NoWrap())
        .AddColumn(new TableColumn("fixture").NoWrap())
        .AddColumn(new TableColumn("largest error").NoWrap())
        .AddColumn("relative error by quantity")
        .AddColumn(new TableColumn("s").NoWrap().RightAligned());

    /// <summary>Runs with a status line on a terminal.</summary>
    public ConformanceReport Run(Func<Action<FixtureResult>, ConformanceReport> run)
    {
        if (!_terminal)
        {
            return run(WriteLine);
        }

        ConformanceReport report = console.Status().Start("Recomputing the fixtures", status => run(result =>
        {
            status.Status(Markup.Escape(result.Name));
            AddRow(result);
        }));
        console.Write(_table);
        return report;
    }

    /// <summary>Writes how many fixtures came out how.</summary>
    public void WriteSummary(ConformanceReport report)
    {
        int missing = report.Count(FixtureStatus.NotImplemented);
        Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Count(FixtureStatus.Passed)} passed, {report.Count(FixtureStatus.Failed)} failed, {missing} not implemented yet{(all && missing > 0 ? " (counted as failed: --all)" : "")}; tolerance {report.Tolerance:0.#E+0}, {report.Elapsed.TotalSeconds:0.0} s."));
    }

    private static string Word(FixtureStatus status) => status switch
    {
        FixtureStatus.Passed => "PASS",
        FixtureStatus.Failed => "FAIL",
        _ => "not implemented",
    };

    private static string Error(double error) => error.ToString("0.0E+0", CultureInfo.InvariantCulture);

    /// <summary>Quantities of one list, such as a loss for each step, stand together under their largest error.</summary>
    private static IEnumerable<(string Name, double Error)> Quantities(FixtureResult result) => result.Quantities
        .GroupBy(q => q.Name.EndsWith(']') ? q.Name[..q.Name.LastIndexOf('[')] : q.Name)
        .Select(g => (g.Key, g.Max(q => q.Error)));

    private void WriteLine(FixtureResult result)
    {
        string seconds = result.Elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
        string text = result.Status == FixtureStatus.NotImplemented
            ? result.Problems[0]
            : $"{(result.Worst is { } worst ? "largest " + Error(worst.Error) : "nothing compared")} ({seconds} s)"
                + string.Concat(Quantities(result).Select(q => $"; {q.Name} {Error(q.Error)}"))
                + string.Concat(result.Problems.Select(p => $" | {p}"));
        Write($"{Word(result.Status),-15}  {result.Name}  {text}");
    }

    private void AddRow(FixtureResult result)
    {
        string colour = result.Status switch
        {
            FixtureStatus.Passed => "green",
            FixtureStatus.Failed => "red",
            _ => "yellow",
        };
        string details = string.Join('\n', result.Problems.Count > 0
            ? result.Problems
            : [string.Join(", ", Quantities(result).Select(q => $"{q.Name} {Error(q.Error)}"))]);
        _table.AddRow(
            new Markup($"[{colour}]{Word(result.Status)}[/]"),
            new Text(result.Name),
            new Text(result.Worst is { } worst ? Error(worst.Error) : ""),
            new Text(details),
            new Text(result.Elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)));
    }

    // Past the console's wrapping: a line for each fixture stays a line, whatever reads it.
    private void Write(string line) => console.Profile.Out.Writer.WriteLine(line.ReplaceLineEndings(" "));
}
