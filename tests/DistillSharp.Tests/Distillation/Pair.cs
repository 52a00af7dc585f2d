using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Optimization;
using DistillSharp.Torch;
using DistillSharp.Training;

namespace DistillSharp.Tests.Distillation;

/// <summary>A small student, a frozen teacher and a method, with batches that depend on the step's number alone.</summary>
internal sealed class Pair : IDisposable
{
    private const int Examples = 20;
    private const int BatchSize = 4;
    private static readonly ImageTask Task = new(1, 8, 8, 3);

    private readonly ImageModel _student;
    private readonly ImageModel _teacher;
    private readonly Sgd _optimizer;

    public Pair(string method, params (string Name, object Value)[] options)
    {
        _student = ModelZoo.Create("convnet", Task, 1, Widths(3, 4));

        // Some methods compare maps of equally many channels only.
        _teacher = ModelZoo.Create("convnet", Task, 2, method is "fsp" or "kdsvd" ? Widths(3, 4) : Widths(5, 6));
        _teacher.RequireGradients(false);
        MethodDescription description = MethodRegistry.Get(method);
        Layers = new LayerDefaults(MethodFactory.Taps(_student), MethodFactory.Taps(_teacher));
        Method = description.Create(new OptionValues(description.Options, options.ToDictionary(o => o.Name, o => (object?)o.Value)), Layers);

        using var scope = new TensorScope();
        Build(Method);
        _optimizer = new Sgd([.. _student.Parameters(), .. Method.Parameters], 0.05, 0.9);
    }

    public DistillationMethod Method { get; }

    public ImageModel Student => _student;

    public LayerDefaults Layers { get; }

    /// <summary>What the method found worth knowing when it was built.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Everything that training changes, by name, as copies outside every scope.</summary>
    public Dictionary<string, Tensor> Snapshot()
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        return Method.StateDict().Select(p => KeyValuePair.Create("method." + p.Key, p.Value))
            .Concat(_student.StateDict().Select(p => KeyValuePair.Create("student." + p.Key, p.Value)))
            .Concat(_optimizer.StateDict().Select(p => KeyValuePair.Create("optimizer." + p.Key, p.Value)))
            .ToDictionary(p => p.Key, p => p.Value.Clone().Unscoped());
    }

    public void Restore(Dictionary<string, Tensor> snapshot, long steps)
    {
        Dictionary<string, Tensor> Part(string prefix) =>
            snapshot.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(p => p.Key[prefix.Length..], p => p.Value);

        Method.LoadState(Part("method."));
        _student.LoadStateDict(Part("student."));
        _optimizer.LoadState(steps, Part("optimizer."));
    }

    /// <summary>Trains on batches <paramref name="from"/> up to, not including, <paramref name="to"/>.</summary>
    public void Train(int from, int to)
    {
        for (int step = from; step < to; step++)
        {
            using var scope = new TensorScope();
            using var drawn = new Generator((ulong)(1000 + step));
            LossTerm.Sum(Method.Compute(Batch(step, drawn))).Backward();
            _optimizer.Step();
        }
    }

    /// <summary>What a method sees of a batch; its generator is never freed, which a test can bear.</summary>
    public DistillationBatch Sample(int step) => Batch(step, new Generator((ulong)(1000 + step)));

    /// <summary>The loss of a batch before and after training on it alone, in small steps.</summary>
    public (double Before, double After) TrainOn(int step, int times)
    {
        _optimizer.LearningRate = 1e-3;
        double before = 0;
        for (int i = 0; i <= times; i++)
        {
            using var scope = new TensorScope();
            using var drawn = new Generator((ulong)(1000 + step));
            Tensor loss = LossTerm.Sum(Method.Compute(Batch(step, drawn)));
            if (i == times)
            {
                return (before, loss.Item());
            }

            before = i == 0 ? loss.Item() : before;
            loss.Backward();
            _optimizer.Step();
        }

        throw new ArgumentOutOfRangeException(nameof(times));
    }

    /// <summary>Trains on one batch over and over.</summary>
    public void Repeat(int step, int times, double learningRate)
    {
        _optimizer.LearningRate = learningRate;
        for (int i = 0; i < times; i++)
        {
            Train(step, step + 1);
        }
    }

    /// <summary>The loss terms of a batch.</summary>
    public IReadOnlyList<LossTerm> Terms(int step)
    {
        using var drawn = new Generator((ulong)(1000 + step));
        return Method.Compute(Batch(step, drawn));
    }

    /// <summary>The loss terms of a batch from another method that looks at the same layers, built here.</summary>
    public IReadOnlyList<LossTerm> Terms(int step, DistillationMethod other)
    {
        Build(other);
        using var drawn = new Generator((ulong)(1000 + step));
        return other.Compute(Batch(step, drawn));
    }

    /// <summary>The loss terms of a batch, and which of the method's parameters got a gradient other than zero.</summary>
    public (IReadOnlyList<LossTerm> Terms, IReadOnlyList<bool> ParametersMoved) Probe(int step)
    {
        using var drawn = new Generator((ulong)(1000 + step));
        IReadOnlyList<LossTerm> terms = Method.Compute(Batch(step, drawn));
        LossTerm.Sum(terms).Backward();
        return (terms, Method.Parameters.Select(p => p.Grad is { } g && g.Abs().Sum().Item() > 0).ToList());
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        Method.Dispose();
        _student.Dispose();
        _teacher.Dispose();
    }

    private static OptionValues Widths(params long[] widths) =>
        new(ModelZoo.Get("convnet").Options, new Dictionary<string, object?> { ["widths"] = widths });

    private void Build(DistillationMethod method)
    {
        using var scope = new TensorScope();
        using var setup = new Generator(3);
        using var drawn = new Generator(4);
        using TeacherSurvey survey = Survey();
        using GradModeScope noGrad = Autograd.NoGrad();
        method.Build(Batch(0, drawn), new MethodSetup(Examples, Task.Classes, setup)
        {
            Epochs = 2,
            BatchesPerEpoch = Examples / BatchSize,
            Survey = () => survey,
            TeacherClassWeights = ((Linear)_teacher.Find(_teacher.ClassifierLayer)).Weight,
            Warn = Warnings.Add,
        });
    }

    private TeacherSurvey Survey()
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        using var source = new Generator(5);
        Tensor images = Operators.Empty([Examples, Task.Channels, Task.Height, Task.Width], DType.Float32).NormalInPlace(0, 1, source);
        _teacher.Eval();
        return new TeacherSurvey(_teacher.Call(images).Unscoped(), Operators.Randint(0, Task.Classes, [Examples], source).Unscoped());
    }

    private DistillationBatch Batch(int step, Generator drawn)
    {
        using var source = new Generator((ulong)(100 + step));
        Tensor images = Operators.Empty([BatchSize, Task.Channels, Task.Height, Task.Width], DType.Float32).NormalInPlace(0, 1, source);
        using var studentTaps = new TapRecorder(_student, Method.StudentTaps);
        Tensor studentLogits = _student.Call(images);
        using GradModeScope noGrad = Autograd.NoGrad();
        _teacher.Eval();
        using var teacherTaps = new TapRecorder(_teacher, Method.TeacherTaps);
        Tensor teacherLogits = _teacher.Call(images);
        return new DistillationBatch
        {
            StudentLogits = studentLogits,
            TeacherLogits = teacherLogits,
            StudentTaps = new Dictionary<string, Tensor>(studentTaps.Outputs),
            TeacherTaps = new Dictionary<string, Tensor>(teacherTaps.Outputs),
            Targets = Operators.Randint(0, Task.Classes, [BatchSize], source),
            SampleIndices = Operators.Randint(0, Examples, [BatchSize], source),
            Epoch = 0,
            Step = step,
            Generator = drawn,
        };
    }
}
