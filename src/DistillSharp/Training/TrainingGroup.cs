using DistillSharp.Data;
using DistillSharp.Distillation;
using DistillSharp.Torch;

namespace DistillSharp.Training;

/// <summary>Runs that train side by side on the same batches, with one teacher that answers once a batch for all of them.</summary>
public sealed class TrainingGroup : IDisposable
{
    private Prepared? _current;
    private Prepared? _next;

    /// <summary>Takes over the batches, the teacher and the runs.</summary>
    /// <param name="batches">The batches; order and augmentation are the same for every run.</param>
    /// <param name="teacher">The teacher; null where no run needs one.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <exception cref="ArgumentException">A run needs a teacher and there is none.</exception>
    public TrainingGroup(BatchStream batches, FrozenTeacher? teacher, IReadOnlyList<TrainingRun> runs, int classes)
    {
        if (teacher is null && runs.FirstOrDefault(r => r.Method.NeedsTeacher) is { } lost)
        {
            throw new ArgumentException($"{lost.Name} learns from a teacher, and none was given.", nameof(teacher));
        }

        Batches = batches;
        Teacher = teacher;
        Runs = runs;
        Classes = classes;
    }

    /// <summary>The batches.</summary>
    public BatchStream Batches { get; }

    /// <summary>The teacher; null where there is none.</summary>
    public FrozenTeacher? Teacher { get; }

    /// <summary>The runs.</summary>
    public IReadOnlyList<TrainingRun> Runs { get; }

    /// <summary>How many classes there are.</summary>
    public int Classes { get; }

    /// <summary>The batch that the run furthest behind needs; null once all are finished.</summary>
    internal TrainingPosition? Position =>
        Runs.Where(r => !r.IsFinished).Select(r => (TrainingPosition?)r.Position).Min();

    /// <inheritdoc/>
    public void Dispose()
    {
        _current?.Dispose();
        _next?.Dispose();
        foreach (TrainingRun run in Runs)
        {
            run.Dispose();
        }

        Teacher?.Dispose();
        Batches.Dispose();
    }

    /// <summary>Builds every run from the first batch and takes over checkpoints.</summary>
    internal void Start()
    {
        using var scope = new TensorScope();
        ImageBatch sample = Batches.Batch(0, 0);
        using TeacherAnswer? answer = Teacher?.Answer(sample.Images);
        TeacherSurvey? survey = null;
        try
        {
            foreach (TrainingRun run in Runs)
            {
                run.Start(sample, answer, new MethodSize(Batches.Count, Classes, Batches.BatchCount), Teacher, () => survey ??= Teacher!.Survey(Batches));
            }
        }
        finally
        {
            survey?.Dispose();
        }
    }

    /// <summary>
    /// The preparation of the batch that the run furthest behind needs; null where it is ready, as after every step: <see cref="StepTasks"/>
    /// prepares exactly what comes next.
    /// </summary>
    internal Action? FirstTask()
    {
        if (Position is not { } position || _current?.Position == position)
        {
            return null;
        }

        bool isTeacherAsked = Runs.Any(r => !r.IsFinished && r.Position == position && r.Method.NeedsTeacher);
        return () => _current = Prepare(position, isTeacherAsked);
    }

    /// <summary>The tasks of one step: the steps of the runs that need this batch, and the preparation of the next.</summary>
    internal IReadOnlyList<Action> StepTasks()
    {
        if (_current is not { } current)
        {
            return [];
        }

        // Where each run will stand after this step: runs that resume from different checkpoints wait for the one furthest behind.
        var after = Runs
            .Where(r => !r.IsFinished && !(r.Position == current.Position && r.IsLastBatch))
            .Select(r => (Run: r, Position: r.Position == current.Position ? current.Position.Next(Batches.BatchCount) : r.Position))
            .ToList();
        var tasks = new List<Action>();
        if (after.Count > 0)
        {
            TrainingPosition next = after.Min(r => r.Position);
            bool isTeacherAsked = after.Any(r => r.Position == next && r.Run.Method.NeedsTeacher);
            tasks.Add(() => _next = Prepare(next, isTeacherAsked));
        }

        foreach (TrainingRun run in Runs.Where(r => !r.IsFinished && r.Position == current.Position))
        {
            tasks.Add(() => run.Step(current.Batch, run.Method.NeedsTeacher ? current.Answer : null));
        }

        return tasks;
    }

    /// <summary>Frees the batch that is done and moves on to the one prepared.</summary>
    internal void Advance()
    {
        _current?.Dispose();
        _current = _next;
        _next = null;
    }

    // On a worker, where no scope is open: the batch outlives the step and is freed by Advance.
    private Prepared Prepare(TrainingPosition position, bool isTeacherAsked)
    {
        ImageBatch batch = Batches.Batch(position.Epoch, position.Batch);
        try
        {
            return new Prepared(position, batch, isTeacherAsked ? Teacher?.Answer(batch.Images) : null);
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    private sealed record Prepared(TrainingPosition Position, ImageBatch Batch, TeacherAnswer? Answer) : IDisposable
    {
        public void Dispose()
        {
            Batch.Dispose();
            Answer?.Dispose();
        }
    }
}
