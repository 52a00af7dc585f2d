using System.Diagnostics;
using DistillSharp.Torch;

namespace DistillSharp.Training;

/// <summary>How training is carried out; none of it changes what is learnt, but for <see cref="TorchThreads"/>.</summary>
/// <param name="Workers">Runs that step at the same time.</param>
/// <param name="TorchThreads">libtorch threads of each; another number changes the last digits of results, because sums are split otherwise.</param>
/// <param name="CheckpointEvery">How often unfinished runs are saved.</param>
public sealed record TrainerOptions(int Workers, int TorchThreads, TimeSpan CheckpointEvery)
{
    /// <summary>One libtorch thread a run where there are at least as many runs as cores; else the cores shared out among the runs.</summary>
    /// <param name="runs">How many runs train side by side.</param>
    public static TrainerOptions For(int runs)
    {
        int cores = Environment.ProcessorCount;
        return new TrainerOptions(Math.Clamp(runs, 1, cores), Math.Max(1, cores / Math.Max(1, runs)), TimeSpan.FromSeconds(30));
    }
}

/// <summary>
/// Trains groups in lockstep: each turn, every group does one batch, and all steps of all runs are shared out among the workers.
/// Runs save themselves at intervals, when stopped, and go on from where they were, bit for bit.
/// </summary>
public sealed class Trainer
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly TrainerOptions _options;
    private readonly Action<TrainingProgress>? _progress;
    private readonly Action<TrainingRun>? _finished;
    private readonly Action<string>? _note;

    /// <summary>Makes a trainer.</summary>
    /// <param name="options">How training is carried out.</param>
    /// <param name="progress">Told several times a second how far training has come.</param>
    /// <param name="finished">Called for each run once its last epoch is done and its files are written.</param>
    /// <param name="note">Told what is worth knowing of the start, e.g. how many runs go on from a checkpoint.</param>
    public Trainer(TrainerOptions options, Action<TrainingProgress>? progress = null, Action<TrainingRun>? finished = null, Action<string>? note = null)
    {
        _options = options;
        _progress = progress;
        _finished = finished;
        _note = note;
    }

    /// <summary>Trains every run of every group to its end.</summary>
    /// <param name="groups">Groups of runs; they are not disposed here.</param>
    /// <param name="validation">Images (UInt8 or in [0, 1]) and labels that no run trains on; null for none.</param>
    /// <param name="cancel">Saves every run and stops.</param>
    /// <exception cref="OperationCanceledException">Training was stopped; every unfinished run was saved.</exception>
    /// <exception cref="NonFiniteLossException">A loss was infinite or not a number.</exception>
    public void Train(IReadOnlyList<TrainingGroup> groups, (Tensor Images, Tensor Labels)? validation, CancellationToken cancel = default)
    {
        int threadsBefore = TorchRuntime.Threads;
        using var pool = new WorkerPool(_options.Workers, _options.TorchThreads);
        try
        {
            pool.Run(groups.Select<TrainingGroup, Action>(g => g.Start).ToList());
            TellStart(groups);
            CompleteFinished(groups);
            pool.Run(groups.Select(g => g.FirstTask()).OfType<Action>().ToList());
            Loop(groups, validation, pool, cancel);
        }
        finally
        {
            TorchRuntime.Threads = threadsBefore;
        }
    }

    private void Loop(IReadOnlyList<TrainingGroup> groups, (Tensor Images, Tensor Labels)? validation, WorkerPool pool, CancellationToken cancel)
    {
        var pace = new Pace(groups);
        long lastTick = Stopwatch.GetTimestamp();
        long lastSave = lastTick;
        while (groups.Any(g => g.Position is not null))
        {
            List<TrainingRun> closing = [];
            var tasks = new List<Action>();
            foreach (TrainingGroup group in groups)
            {
                closing.AddRange(group.Runs.Where(r => !r.IsFinished && r.Position == group.Position && r.IsLastBatchOfEpoch));
                tasks.AddRange(group.StepTasks());
            }

            pool.Run(tasks);
            foreach (TrainingGroup group in groups)
            {
                group.Advance();
            }

            if (closing.Count > 0)
            {
                pool.Run(closing.Select<TrainingRun, Action>(r => () => r.FinishEpoch(validation?.Images, validation?.Labels)).ToList());
                CompleteFinished(groups);
            }

            bool save = Stopwatch.GetElapsedTime(lastSave) >= _options.CheckpointEvery || cancel.IsCancellationRequested;
            if (save)
            {
                pool.Run(groups.SelectMany(g => g.Runs).Where(r => !r.IsFinished).Select<TrainingRun, Action>(r => r.SaveCheckpoint).ToList());
                lastSave = Stopwatch.GetTimestamp();
                cancel.ThrowIfCancellationRequested();
            }

            if (_progress is not null && Stopwatch.GetElapsedTime(lastTick) >= Tick)
            {
                lastTick = Stopwatch.GetTimestamp();
                _progress(pace.Report());
            }
        }

        _progress?.Invoke(pace.Report());
    }

    private void TellStart(IReadOnlyList<TrainingGroup> groups)
    {
        foreach (TrainingRun run in groups.SelectMany(g => g.Runs))
        {
            foreach (string warning in run.Warnings)
            {
                _note?.Invoke($"{run.Name}: {warning}");
            }
        }

        List<TrainingRun> resumed = groups.SelectMany(g => g.Runs).Where(r => r.ResumedWithThreads is not null).ToList();
        if (resumed.Count > 0)
        {
            _note?.Invoke($"{resumed.Count} run{(resumed.Count == 1 ? " goes" : "s go")} on from a checkpoint.");
        }

        if (resumed.Find(r => r.ResumedWithThreads != _options.TorchThreads) is { } other)
        {
            _note?.Invoke($"{other.Name} was begun with {other.ResumedWithThreads} libtorch threads and goes on with {_options.TorchThreads}: its last digits may differ from those of an undisturbed run.");
        }
    }

    private void CompleteFinished(IReadOnlyList<TrainingGroup> groups)
    {
        foreach (TrainingRun run in groups.SelectMany(g => g.Runs).Where(r => r.IsFinished && !r.IsCompleted))
        {
            run.Complete();
            _finished?.Invoke(run);
            run.DeleteCheckpoint();
        }
    }
}
