using System.Diagnostics;

namespace DistillSharp.Training;

/// <summary>How fast training goes, over the last seconds, and how long the rest will take.</summary>
internal sealed class Pace(IReadOnlyList<TrainingGroup> groups)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Queue<(long Time, long Images)> _samples = new();
    private readonly long _imagesAtStart = Images(groups, done: true);

    public TrainingProgress Report()
    {
        long now = Stopwatch.GetTimestamp();
        long done = Images(groups, done: true);
        long all = Images(groups, done: false);
        _samples.Enqueue((now, done));
        while (_samples.Count > 2 && Stopwatch.GetElapsedTime(_samples.Peek().Time, now) > Window)
        {
            _samples.Dequeue();
        }

        (long since, long before) = _samples.Peek();
        double seconds = Stopwatch.GetElapsedTime(since, now).TotalSeconds;
        double rate = seconds > 0 ? (done - before) / seconds : 0;
        return new TrainingProgress(
            groups.SelectMany(g => g.Runs).Select(r => r.Progress()).ToList(),
            rate,
            all == 0 ? 1 : (double)done / all,
            done == all ? TimeSpan.Zero : rate > 0 && done > _imagesAtStart ? TimeSpan.FromSeconds((all - done) / rate) : null);
    }

    private static long Images(IReadOnlyList<TrainingGroup> groups, bool done) =>
        groups.Sum(g => g.Runs.Sum(r => (done ? r.BatchesDone : r.BatchesInAll) * g.Batches.BatchSize));
}
