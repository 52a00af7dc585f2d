using System.Diagnostics;
using System.Globalization;
using DistillSharp.Inheritance;
using DistillSharp.Studies;
using DistillSharp.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DistillSharp.Cli.Display;

/// <summary>
/// Shows how a study goes: on a terminal a table that is drawn anew several times a second, elsewhere a line every few seconds.
/// </summary>
internal sealed class StudyView : IStudyObserver
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    private readonly IAnsiConsole _console;
    private readonly LiveDisplayContext? _live;
    private readonly List<string> _log = [];
    private readonly SortedDictionary<string, RunProgress> _runs = new(StringComparer.Ordinal);
    private string? _stage;
    private string _status = "";
    private bool _training;
    private long _stageBegan;
    private long _lastLine;

    private StudyView(IAnsiConsole console, LiveDisplayContext? live) => (_console, _live) = (console, live);

    /// <summary>Carries out work that reports to a view.</summary>
    public static T Run<T>(IAnsiConsole console, Func<IStudyObserver, T> work)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
        {
            var lines = new StudyView(console, null);
            T done = work(lines);
            lines.CloseStage();
            return done;
        }

        return console.Live(new Text("")).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top).Start(live =>
        {
            var view = new StudyView(console, live);
            T done = work(view);
            view.CloseStage();
            return done;
        });
    }

    /// <inheritdoc/>
    public void Stage(string title)
    {
        CloseStage();
        _stage = title;
        _stageBegan = Stopwatch.GetTimestamp();
        _lastLine = 0;
        _status = "";
        _training = false;
        _runs.Clear();
        if (_live is null)
        {
            _console.WriteLine(title);
        }

        Draw();
    }

    /// <inheritdoc/>
    public void Note(string text) => Log(text);

    /// <inheritdoc/>
    public void Training(TrainingProgress progress)
    {
        _training = true;
        foreach (RunProgress run in progress.Runs)
        {
            _runs[run.Name] = run;
        }

        string left = progress.TimeLeft is { } time ? string.Create(CultureInfo.InvariantCulture, $", {Hours(time)} left") : "";
        _status = string.Create(CultureInfo.InvariantCulture, $"{progress.Done * 100:F0} % done, {progress.ImagesPerSecond:N0} images/s{left}");
        if (_live is null && IsLineDue() && progress.Runs.Count > 0)
        {
            RunProgress behind = progress.Runs.MinBy(r => (r.Epoch, r.Batch))!;
            string soFar = Mean(progress, r => r.Loss) is var loss && double.IsNaN(loss)
                ? "" // an epoch has just begun
                : string.Create(CultureInfo.InvariantCulture, $" loss {loss:F3}, accuracy {Mean(progress, r => r.Accuracy) * 100:F1} % (mean of {progress.Runs.Count}),");
            _console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  epoch {behind.Epoch}/{behind.Epochs}, batch {behind.Batch}/{behind.Batches},{soFar} {_status}"));
        }

        Draw();
    }

    /// <inheritdoc/>
    public void RunFinished(PlannedRun run, EpochMetrics last)
    {
        double accuracy = double.IsNaN(last.ValidationAccuracy) ? last.TrainAccuracy : last.ValidationAccuracy;
        string of = double.IsNaN(last.ValidationAccuracy) ? "training" : "validation";
        Log(string.Create(CultureInfo.InvariantCulture, $"  {run.Key.Label} (seed {run.Seed}): finished, {of} accuracy {accuracy * 100:F1} %"));
    }

    /// <inheritdoc/>
    public void Analysis(string title, AnalysisProgress progress)
    {
        _status = $"{progress.Done}/{progress.Total}: {progress.Step}";
        if (_live is null && IsLineDue())
        {
            _console.WriteLine($"  {_status}");
        }

        Draw();
    }

    private static double Mean(TrainingProgress progress, Func<RunProgress, double> value) =>
        progress.Runs.Select(value).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    // Days are given in hours: a format of TimeSpan's own would drop them.
    private static string Hours(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}");

    private static string Number(double value, string format) => double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);

    private bool IsLineDue()
    {
        if (_lastLine != 0 && Stopwatch.GetElapsedTime(_lastLine) < LineEvery)
        {
            return false;
        }

        _lastLine = Stopwatch.GetTimestamp();
        return true;
    }

    private void Log(string text)
    {
        if (_live is null)
        {
            _console.WriteLine(text);
        }
        else
        {
            _log.Add(text);
            Draw();
        }
    }

    private void CloseStage()
    {
        if (_stage is not null)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{_stage}: {Hours(Stopwatch.GetElapsedTime(_stageBegan))}");
            _stage = null;
            Log(text);
        }
    }

    private void Draw()
    {
        if (_live is null)
        {
            return;
        }

        var parts = new List<IRenderable>(_log.Select(l => new Text(l)));
        if (_stage is not null)
        {
            parts.Add(new Text($"{_stage} ... {_status}", new Style(decoration: Decoration.Bold)));
            if (_training)
            {
                parts.Add(RunTable());
            }
        }

        _live.UpdateTarget(new Rows(parts));
    }

    private Table RunTable()
    {
        Table table = new Table().Border(TableBorder.None)
            .AddColumn("run").AddColumn("epoch").AddColumn("batch").AddColumn("loss").AddColumn("accuracy").AddColumn("validation");
        foreach (RunProgress run in _runs.Values)
        {
            table.AddRow(
                run.Name,
                $"{run.Epoch}/{run.Epochs}",
                $"{run.Batch}/{run.Batches}",
                Number(run.Loss, "F3"),
                Number(run.Accuracy * 100, "F1"),
                Number(run.ValidationAccuracy * 100, "F1"));
        }

        return table;
    }
}
