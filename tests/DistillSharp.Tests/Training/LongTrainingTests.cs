using DistillSharp.Torch;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

/// <summary>1,000 steps with every method: nothing piles up, and the progress told of is plausible.</summary>
public sealed class LongTrainingTests(LongTraining training) : IClassFixture<LongTraining>
{
    [Fact]
    public void Should_Keep_The_Number_Of_Live_Tensors_Flat()
    {
        Assert.Equal(1008, training.Live.Count);

        // Some tensors more where a tick fell on the step; one that stayed of every step would make hundreds.
        Assert.InRange(training.Live[300..].Max(), 1, training.Live[20..300].Max() + 32);
        Assert.Equal(training.LiveBefore, training.LiveAfter);
    }

    [Fact]
    public void Should_Keep_Memory_Bounded() => Assert.InRange(training.Memory[^1] - training.Memory[200], long.MinValue, 32L << 20);

    [Fact]
    public void Should_Tell_Plausible_Progress()
    {
        IReadOnlyList<TrainingProgress> told = training.Told;
        Assert.True(told.Count >= 3, $"Only {told.Count} reports.");
        Assert.Equal(1, told[^1].Done);
        Assert.Equal(TimeSpan.Zero, told[^1].TimeLeft);
        Assert.All(told.Skip(1), p => Assert.InRange(p.ImagesPerSecond, 1, 1e7));
        for (int i = 1; i < told.Count; i++)
        {
            Assert.True(told[i].Done >= told[i - 1].Done);
            foreach ((RunProgress now, RunProgress before) in told[i].Runs.Zip(told[i - 1].Runs))
            {
                Assert.Equal(before.Name, now.Name);
                Assert.True((now.Epoch, now.Batch).CompareTo((before.Epoch, before.Batch)) >= 0, $"{now} after {before}");
                Assert.Equal((63, 16), (now.Epochs, now.Batches));
                Assert.InRange(now.Batch, 0, now.Batches);
                Assert.True(double.IsNaN(now.Loss) || now.Loss is >= 0 and < 1000, $"{now}");
                Assert.True(double.IsNaN(now.Accuracy) || now.Accuracy is >= 0 and <= 1, $"{now}");
            }
        }

        // Half-way, the time that was thought to be left is of the order of what it took.
        TrainingProgress half = told.First(p => p.Done >= 0.5);
        Assert.InRange(half.TimeLeft!.Value.TotalSeconds, 0, 20 * training.Seconds);
        Assert.All(told[^1].Runs, r => Assert.Equal((63, 16), (r.Epoch, r.Batch)));
    }
}

/// <summary>The long training, once for all tests that look at it.</summary>
public sealed class LongTraining
{
    public LongTraining()
    {
        using var bench = new TrainingBench { BatchSize = 8, Rate = 0.01 };
        GC.Collect();
        GC.WaitForPendingFinalizers();
        LiveBefore = LiveTensors.Settled();
        long began = System.Diagnostics.Stopwatch.GetTimestamp();

        // One worker does the tasks in order, so each time the same tensors are alive when the first run looks.
        TrainingRun first = bench.Run("independent", epochs: 63, wrap: m => new SpyMethod(m, _ =>
        {
            Live.Add(Tensor.LiveCount);
            Memory.Add(Environment.WorkingSet);
        }));
        using (TrainingGroup group = bench.Group(first, bench.Run("kl", epochs: 63), bench.Run("hint", epochs: 63), bench.Run("crd", epochs: 63)))
        {
            new Trainer(TrainingBench.Options(workers: 1), Told.Add).Train([group], bench.Validation);
        }

        Seconds = System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds;
        LiveAfter = Tensor.LiveCount;
    }

    public List<long> Live { get; } = [];

    public List<long> Memory { get; } = [];

    public List<TrainingProgress> Told { get; } = [];

    public long LiveBefore { get; }

    public long LiveAfter { get; }

    public double Seconds { get; }
}
