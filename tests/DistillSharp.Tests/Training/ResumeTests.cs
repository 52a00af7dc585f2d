using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

/// <summary>A run that goes on from a checkpoint ends as one that was never stopped.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly string[] Methods = ["independent", "hint", "crd"];
    private readonly TrainingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public void Should_Go_On_Bit_Equal_After_Any_Batch(int batches)
    {
        _bench.Train(TrainingBench.Options(), [.. Methods.Select(m => _bench.Run(m, folder: "undisturbed"))]);
        StopAfter(batches, "stopped");
        _bench.Train(TrainingBench.Options(), [.. Methods.Select(m => _bench.Run(m, folder: "stopped"))]);
        Assert.All(Methods, m => Assert.Equal(_bench.Result($"{m}-s0", "undisturbed"), _bench.Result($"{m}-s0", "stopped")));
    }

    [Fact]
    public void Should_Bring_Runs_From_Different_Positions_Together()
    {
        _bench.Train(TrainingBench.Options(), [.. Methods.Select(m => _bench.Run(m, folder: "undisturbed"))]);
        string early = Path.Combine(_bench.Folder, "early");
        StopAfter(2, "killed");
        File.Copy(CheckpointOf("crd"), early);
        StopAfter(4, "killed");
        File.Copy(early, CheckpointOf("crd"), overwrite: true);
        File.Delete(CheckpointOf("independent"));

        // Now independent is to start anew, crd at the third batch, hint in the second epoch.
        _bench.Train(TrainingBench.Options(), [.. Methods.Select(m => _bench.Run(m, folder: "killed"))]);
        Assert.All(Methods, m => Assert.Equal(_bench.Result($"{m}-s0", "undisturbed"), _bench.Result($"{m}-s0", "killed")));

        string CheckpointOf(string method) => Path.Combine(_bench.Folder, "killed", $"{method}-s0", "checkpoint.safetensors");
    }

    [Fact]
    public void Should_Tell_Where_A_Run_Goes_On_With_Another_Number_Of_Threads()
    {
        StopAfter(2, "stopped");
        var notes = new List<string>();
        using TrainingGroup group = _bench.Group([.. Methods.Select(m => _bench.Run(m, folder: "stopped"))]);
        new Trainer(new TrainerOptions(1, 2, TimeSpan.FromHours(1)), note: notes.Add).Train([group], null);
        Assert.Equal("3 runs go on from a checkpoint.", notes[0]);
        Assert.Contains("was begun with 1 libtorch threads and goes on with 2", notes[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("epoch", "7", "position")]
    [InlineData("batch", "-1", "position")]
    [InlineData("sums", "labels;1", "sums")]
    [InlineData("history", "1,2", "fields")]
    [InlineData("definition", "another", "'another'")]
    [InlineData("format", "9", "format 2, found '9'")]
    public void Should_Refuse_A_Checkpoint_That_Is_Whole_But_Does_Not_Fit(string key, string value, string message)
    {
        StopAfter(2, "stopped");
        string path = Path.Combine(_bench.Folder, "stopped", "hint-s0", "checkpoint.safetensors");
        using (SafeTensorsContent content = SafeTensors.Read(path))
        {
            var metadata = new Dictionary<string, string>(content.Metadata) { [key] = value };
            metadata.Remove("digest");
            metadata["digest"] = SafeTensors.Digest(content.Tensors, metadata);
            SafeTensors.Write(path, content.Tensors.Select(t => (t.Key, t.Value)), metadata);
        }

        using TrainingGroup group = _bench.Group(_bench.Run("hint", folder: "stopped"));
        CheckpointException refused = Assert.Throws<CheckpointException>(() => new Trainer(TrainingBench.Options()).Train([group], null));
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e30)]
    public void Should_Stop_Before_Anything_That_Is_Not_Finite_Is_Saved(double weight)
    {
        using var wild = new TrainingBench { Rate = 1e20 };
        using TrainingGroup group = wild.Group(wild.Run("hint", wrap: m => new SpyMethod(m, weight: weight)));
        NonFiniteLossException stopped = Assert.Throws<NonFiniteLossException>(() => new Trainer(TrainingBench.Options(checkpointSeconds: 0)).Train([group], null));
        Assert.Equal("hint seed 0", stopped.Run);
        Assert.Equal(1, stopped.Epoch);
        Assert.InRange(stopped.Batch, 1, 4);
        Assert.Contains(stopped.Term, new[] { "labels", "hint", "weights" });
        Assert.Contains($"epoch 1, batch {stopped.Batch}", stopped.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(wild.Folder, "runs", "hint-s0", TrainingRun.ModelFile)));
        string checkpoint = Path.Combine(wild.Folder, "runs", "hint-s0", "checkpoint.safetensors");
        if (File.Exists(checkpoint))
        {
            using SafeTensorsContent content = SafeTensors.Read(checkpoint);
            Assert.All(content.Tensors.Where(t => t.Value.DType == DType.Float32), t => Assert.True(t.Value.ToArray<float>().All(float.IsFinite), t.Key));
        }
    }

    [Fact]
    public void Should_Not_Finish_A_Run_Whose_Last_Step_Overflows()
    {
        // One batch in all: its loss is finite, and no other loss follows that could show what the step did.
        using var wild = new TrainingBench { Rate = 1e20, BatchSize = 128 };
        using TrainingGroup group = wild.Group(wild.Run("independent", epochs: 1, wrap: m => new SpyMethod(m, weight: 1e30)));
        NonFiniteLossException stopped = Assert.Throws<NonFiniteLossException>(() => new Trainer(TrainingBench.Options()).Train([group], null));
        Assert.Equal(("weights", 1, 1), (stopped.Term, stopped.Epoch, stopped.Batch));
        Assert.False(File.Exists(Path.Combine(wild.Folder, "runs", "independent-s0", TrainingRun.ModelFile)));
    }

    private void StopAfter(int batches, string folder)
    {
        using var stop = new CancellationTokenSource();
        int seen = 0;
        TrainingRun Run(string method) => _bench.Run(method, folder: folder, wrap: m => method != "independent" ? m : new SpyMethod(m, _ =>
        {
            if (++seen == batches)
            {
                stop.Cancel();
            }
        }));
        using TrainingGroup group = _bench.Group([.. Methods.Select(Run)]);
        Assert.Throws<OperationCanceledException>(() => new Trainer(TrainingBench.Options()).Train([group], _bench.Validation, stop.Token));
    }
}
