using DistillSharp.Data;
using DistillSharp.Models;
using DistillSharp.Torch;
using DistillSharp.Training;

namespace DistillSharp.Benchmarks;

/// <summary>
/// One step of a student without a teacher (normalise, forward, cross-entropy, backward, SGD with momentum, Nesterov and weight decay,
/// loss and hits summed), and one turn of distillation: the teacher answers once, four students step.
/// <c>python/training_step.py</c> is its counterpart.
/// </summary>
internal static class TrainingStep
{
    private const int Examples = 12_000;
    private static readonly string[] Methods = ["independent", "kl", "hint", "crd"];
    private static readonly long[] StudentWidths = [16, 32, 64];
    private static readonly long[] TeacherWidths = [32, 64, 128];

    /// <summary>Measures; with more than one thread, the turn also with so many workers of one thread each, as studies train.</summary>
    public static void Run(int threads)
    {
        TorchRuntime.Threads = threads;
        Step("convnet", new Workload(1, 28, 640), StudentWidths, threads);
        Step("resnet8", new Workload(3, 32, 640), null, threads);
        Step("resnet20", new Workload(3, 32, 640), null, threads);
        Turn(threads);
        if (threads > 1)
        {
            Lockstep(threads);
        }
    }

    private static void Step(string network, Workload work, long[]? widths, int threads)
    {
        using var scope = new TensorScope();
        using var batches = BatchStream.ForTraining(work.Data, null, Workload.BatchSize, 1);
        using TrainingRun run = work.Run("independent", null, network, widths);
        ImageBatch batch = batches.Batch(0, 0);
        run.Start(batch, null, new MethodSize(work.Data.Count, work.Task.Classes, batches.BatchCount));
        Clock.Report("step-" + network, "ours", threads, Clock.Measure(() =>
        {
            run.Step(batch, null);
            ReadWhenFull(run);
        }));
    }

    private static void Turn(int threads)
    {
        using var scope = new TensorScope();
        using TrainingGroup group = Group();
        group.Start();
        ImageBatch batch = group.Batches.Batch(0, 0);
        Clock.Report("turn", "ours", threads, Clock.Measure(() =>
        {
            using TeacherAnswer answer = group.Teacher!.Answer(batch.Images);
            foreach (TrainingRun run in group.Runs)
            {
                run.Step(batch, answer);
                ReadWhenFull(run);
            }
        }));
        foreach (TrainingRun run in group.Runs)
        {
            using TeacherAnswer answer = group.Teacher!.Answer(batch.Images);
            Clock.Report("turn-" + run.Name, "ours", threads, Clock.Measure(() =>
            {
                run.Step(batch, answer);
                ReadWhenFull(run);
            }));
        }

        Clock.Report("turn-teacher", "ours", threads, Clock.Measure(() => group.Teacher!.Answer(batch.Images).Dispose()));
    }

    // As in a study: steps and the preparation of the next batch are shared out among workers of one libtorch thread each.
    private static void Lockstep(int workers)
    {
        using TrainingGroup group = Group();
        using var pool = new WorkerPool(workers, 1);
        pool.Run([group.Start]);
        Clock.Report("turn", "ours-lockstep", workers, Clock.Measure(() =>
        {
            pool.Run(group.StepTasks().ToList());
            group.Advance();
            foreach (TrainingRun run in group.Runs)
            {
                ReadWhenFull(run);
            }
        }));
    }

    private static TrainingGroup Group()
    {
        var work = new Workload(1, 28, Examples);
        ImageClassifier teacher = work.Classifier("convnet", TeacherWidths, 1);
        List<TrainingRun> runs = [.. Methods.Select(m => work.Run(m, teacher.Network, "convnet", StudentWidths))];
        return new TrainingGroup(
            BatchStream.ForTraining(work.Data, null, Workload.BatchSize, 1, new Augmentation { Crop = 2, Flip = true }),
            new FrozenTeacher(teacher, runs.SelectMany(r => r.TeacherTaps).ToHashSet()),
            runs,
            work.Task.Classes);
    }

    // An epoch's figures have a row for each batch: they are read where the next epoch begins.
    private static void ReadWhenFull(TrainingRun run)
    {
        if (run.Position.Batch == 0)
        {
            run.ReadProgress();
        }
    }
}
