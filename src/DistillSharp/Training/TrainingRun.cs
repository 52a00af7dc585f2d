using DistillSharp.Data;
using DistillSharp.Distillation;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Optimization;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Training;

/// <summary>What one run is made of.</summary>
/// <param name="Name">The run's name, in progress and errors.</param>
/// <param name="Folder">Where its checkpoints, metrics and weights go; null to keep nothing on disk.</param>
/// <param name="Definition">A text that says what defines the run; a checkpoint of another definition is refused.</param>
/// <param name="Seed">Initialisation, dropout and the method's draws follow from it.</param>
/// <param name="Epochs">Epochs to train.</param>
/// <param name="CreateModel">Makes the student, fresh, from a seed.</param>
/// <param name="CreateMethod">Makes the method for the student.</param>
/// <param name="CreateOptimizer">Makes the optimiser for all parameters, the student's and then the method's.</param>
/// <param name="Schedule">The learning rate.</param>
public sealed record TrainingRunOptions(
    string Name,
    string? Folder,
    string Definition,
    int Seed,
    int Epochs,
    Func<ulong, ImageClassifier> CreateModel,
    Func<ImageModel, DistillationMethod> CreateMethod,
    Func<IEnumerable<Tensor>, Optimizer> CreateOptimizer,
    LearningRateSchedule Schedule)
{
    /// <summary>The seed that initial weights are drawn from in place of <see cref="Seed"/>: they are those of a run of that seed. Null for <see cref="Seed"/>.</summary>
    public int? InitialSeed { get; init; }
}

/// <summary>One student (or teacher) in training: its network, method, optimiser and how far it has come.</summary>
public sealed class TrainingRun : IDisposable
{
    /// <summary>The trained weights, under PyTorch's names.</summary>
    public const string ModelFile = "model.safetensors";

    /// <summary>One row an epoch.</summary>
    public const string MetricsFile = "metrics.csv";

    /// <summary>One row an epoch: times, which differ from repeat to repeat.</summary>
    public const string TimingFile = "timing.csv";

    private readonly TrainingRunOptions _options;
    private readonly SeedStream _seeds;
    private readonly Generator _dropout;
    private readonly Generator _draws;
    private readonly List<EpochMetrics> _history = [];
    private readonly List<string> _warnings = [];
    private TapRecorder? _taps;
    private Optimizer? _optimizer;
    private LossLedger? _ledger;
    private int _batchSize;

    /// <summary>Makes the network and the method; <see cref="Start"/> does what needs a batch.</summary>
    public TrainingRun(TrainingRunOptions options)
    {
        _options = options;
        _seeds = new SeedStream((ulong)options.Seed);
        _dropout = new Generator(0);
        _draws = new Generator(0);
        ImageClassifier? made = null;
        try
        {
            Classifier = made = options.CreateModel(new SeedStream((ulong)(options.InitialSeed ?? options.Seed)).Derive("initialisation"));
            Method = options.CreateMethod(made.Network);
            made.Network.UseGenerator(_dropout);
        }
        catch
        {
            made?.Dispose();
            _dropout.Dispose();
            _draws.Dispose();
            throw;
        }
    }

    /// <summary>The run's name.</summary>
    public string Name => _options.Name;

    /// <summary>Where the run's files go; null where nothing is kept on disk.</summary>
    public string? Folder => _options.Folder;

    /// <summary>The network in training.</summary>
    public ImageClassifier Classifier { get; }

    /// <summary>What it learns from.</summary>
    public DistillationMethod Method { get; }

    /// <summary>The next batch to train on.</summary>
    public TrainingPosition Position { get; private set; }

    /// <summary>True once every epoch is done.</summary>
    public bool IsFinished => Position.Epoch >= _options.Epochs;

    /// <summary>The figures of every finished epoch.</summary>
    public IReadOnlyList<EpochMetrics> History => _history;

    /// <summary>What the method found worth knowing when it was built.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The names of the loss terms, known after the first batch.</summary>
    public IReadOnlyList<string> TermNames => _ledger?.TermNames ?? [];

    /// <summary>Seconds of work in each finished epoch, and in the current one last.</summary>
    internal List<double> EpochSeconds { get; } = [0];

    /// <summary>What the run needs of the teacher.</summary>
    public IReadOnlyList<string> TeacherTaps => Method.TeacherTaps;

    /// <summary>
    /// Builds what depends on a batch's shapes, and takes over a checkpoint where there is one. The sample batch is always the first
    /// of the first epoch, so that a resumed run is built exactly as it was.
    /// </summary>
    /// <exception cref="CheckpointException">The checkpoint is broken or belongs to another run.</exception>
    /// <param name="sample">The first batch of the first epoch.</param>
    /// <param name="teacher">The teacher's answer to it; null without a teacher.</param>
    /// <param name="size">Sizes that the method is told of.</param>
    /// <param name="asked">The teacher itself, for methods that look at its weights; null without one.</param>
    /// <param name="survey">Asks the teacher about all training images; null without one.</param>
    public void Start(ImageBatch sample, TeacherAnswer? teacher, MethodSize size, FrozenTeacher? asked = null, Func<TeacherSurvey>? survey = null)
    {
        BatchesPerEpoch = size.BatchesPerEpoch;
        _batchSize = (int)sample.Images.Size(0);
        using var scope = new TensorScope();
        using (Autograd.NoGrad())
        using (var taps = new TapRecorder(Classifier.Network, Method.StudentTaps))
        {
            Classifier.Network.Eval();
            Tensor logits = Classifier.Logits(sample.Images);
            using var initialisation = new Generator(_seeds.Derive("method-initialisation"));
            using GradModeScope recording = Autograd.EnableGrad();
            Method.Build(MakeBatch(sample, logits, taps, teacher, initialisation), new MethodSetup(size.TrainingExamples, size.Classes, initialisation)
            {
                Epochs = _options.Epochs,
                BatchesPerEpoch = size.BatchesPerEpoch,
                Survey = asked is null ? null : survey,
                TeacherClassWeights = asked?.ClassWeights,
                TeacherNorms = asked?.Norms ?? new Dictionary<string, ChannelNorm>(),
                Warn = _warnings.Add,
            });
            Classifier.Network.Train();
        }

        _taps = new TapRecorder(Classifier.Network, Method.StudentTaps);
        _optimizer = _options.CreateOptimizer(Classifier.Network.Parameters().Concat(Method.Parameters));
        ResumedWithThreads = Folder is null ? null : Checkpoint.TryLoad(this, Folder, _options.Definition);
    }

    /// <summary>Trains on one batch.</summary>
    /// <param name="batch">The batch at <see cref="Position"/>.</param>
    /// <param name="teacher">The teacher's answer to it; null without a teacher.</param>
    public void Step(ImageBatch batch, TeacherAnswer? teacher)
    {
        Optimizer optimizer = Started(_optimizer);
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        using var scope = new TensorScope();
        _dropout.Seed(_seeds.Derive("dropout", batch.Epoch, batch.Index));
        _draws.Seed(_seeds.Derive("method", batch.Epoch, batch.Index));
        optimizer.LearningRate = _options.Schedule.Rate(batch.Epoch, batch.Index, BatchesPerEpoch);
        _taps!.Clear();
        Tensor logits = Classifier.Logits(batch.Images);
        IReadOnlyList<LossTerm> terms = Method.Compute(MakeBatch(batch, logits, _taps, teacher, _draws));
        Tensor loss = LossTerm.Sum(terms);
        if (BatchesDone == 0)
        {
            FirstStep.Check(Name, Classifier.Network, Method, terms);
        }

        loss.Backward();
        optimizer.Step();
        _ledger ??= new LossLedger(terms.Select(t => t.Name), BatchesPerEpoch);
        _ledger.Record(batch, terms, loss, logits);
        Position = Position.Next(BatchesPerEpoch);
        EpochSeconds[^1] += System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Reads what the device has summed; the only place where training waits for the device.</summary>
    /// <returns>The epoch's running mean loss and share of right answers.</returns>
    /// <exception cref="NonFiniteLossException">A loss was infinite or not a number.</exception>
    public (double Loss, double Accuracy) ReadProgress() => _ledger?.Read(Name) ?? (double.NaN, double.NaN);

    /// <summary>Closes an epoch: reads the sums, evaluates on the validation images and adds the epoch to the history.</summary>
    public void FinishEpoch(Tensor? validationImages, Tensor? validationLabels)
    {
        _ledger!.Read(Name);
        (double loss, double accuracy) validation = (double.NaN, double.NaN);
        if (validationImages is not null && validationLabels is not null)
        {
            using var scope = new TensorScope();
            using GradModeScope noGrad = Autograd.NoGrad();
            Tensor logits = Classifier.Evaluate(validationImages);
            validation = (logits.CrossEntropyLoss(validationLabels).Item(), logits.Argmax(1).Eq(validationLabels).To(DType.Float64).Mean().Item());
        }

        _history.Add(_ledger.CloseEpoch(Position.Epoch, _optimizer!.LearningRate, validation.loss, validation.accuracy));
        EpochSeconds.Add(0);
    }

    /// <summary>Writes the finished run's weights, metrics and times.</summary>
    /// <exception cref="NonFiniteLossException">The last step's weights are infinite or not a number; nothing was written.</exception>
    public void Complete()
    {
        RequireFiniteWeights();
        IsCompleted = true;
        if (Folder is null)
        {
            return;
        }

        Classifier.Save(Path.Combine(Folder, ModelFile));
        AtomicFile.WriteAllText(
            Path.Combine(Folder, MetricsFile),
            string.Concat(_history.Select(h => h.ToCsv() + "\n").Prepend(EpochMetrics.Header(TermNames) + "\n")));
        long images = (long)BatchesPerEpoch * _batchSize;
        AtomicFile.WriteAllText(
            Path.Combine(Folder, TimingFile),
            string.Concat(EpochSeconds.Take(_history.Count)
                .Select((s, i) => FormattableString.Invariant($"{i + 1},{s:F3},{images / s:F0}\n"))
                .Prepend("epoch,seconds,images_per_second\n")));
    }

    /// <summary>How far the run has come.</summary>
    public RunProgress Progress()
    {
        (double loss, double accuracy) = ReadProgress();
        EpochMetrics? last = _history.Count > 0 ? _history[^1] : null;
        return new RunProgress(
            Name,
            Math.Min(Position.Epoch + 1, _options.Epochs),
            _options.Epochs,
            IsFinished ? BatchesPerEpoch : Position.Batch,
            BatchesPerEpoch,
            IsFinished && last is not null ? last.Loss : loss,
            IsFinished && last is not null ? last.TrainAccuracy : accuracy,
            last?.ValidationAccuracy ?? double.NaN);
    }

    /// <summary>Writes everything the run needs to go on, in one atomic file.</summary>
    /// <exception cref="NonFiniteLossException">A loss or the weights are infinite or not a number: the older checkpoint stays.</exception>
    public void SaveCheckpoint()
    {
        ReadProgress();
        RequireFiniteWeights();
        if (Folder is not null)
        {
            Checkpoint.Save(this, Folder, _options.Definition);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _taps?.Dispose();
        _optimizer?.Dispose();
        _ledger?.Dispose();
        Method.Dispose();
        Classifier.Dispose();
        _dropout.Dispose();
        _draws.Dispose();
    }

    /// <summary>Seconds of work in all finished epochs, the teacher's not counted.</summary>
    public double Seconds => EpochSeconds.Sum();

    internal bool IsCompleted { get; private set; }

    /// <summary>With how many libtorch threads the checkpoint was made that the run goes on from; null where it began anew.</summary>
    internal int? ResumedWithThreads { get; private set; }

    internal int BatchesPerEpoch { get; private set; }

    internal long BatchesDone => ((long)Position.Epoch * BatchesPerEpoch) + Position.Batch;

    internal long BatchesInAll => (long)_options.Epochs * BatchesPerEpoch;

    private TrainingPosition LastBatch => Position.Batch > 0
        ? new TrainingPosition(Position.Epoch, Position.Batch - 1)
        : new TrainingPosition(Position.Epoch - 1, BatchesPerEpoch - 1);

    internal bool IsLastBatchOfEpoch => Position.Batch == BatchesPerEpoch - 1;

    internal bool IsLastBatch => IsLastBatchOfEpoch && Position.Epoch == _options.Epochs - 1;

    internal Optimizer Optimizer => Started(_optimizer);

    internal LossLedger? Ledger => _ledger;

    internal void DeleteCheckpoint()
    {
        if (Folder is not null)
        {
            File.Delete(Path.Combine(Folder, Checkpoint.FileName));
        }
    }

    /// <exception cref="FormatException">The parts do not fit together, or not this run.</exception>
    internal void Restore(TrainingPosition position, LossLedger? ledger, IReadOnlyList<EpochMetrics> history, IReadOnlyList<double> seconds)
    {
        bool isInside = position.Epoch >= 0 && position.Epoch < _options.Epochs && position.Batch >= 0 && position.Batch < BatchesPerEpoch;
        if (!isInside || history.Count != position.Epoch || seconds.Count != position.Epoch + 1)
        {
            throw new FormatException(FormattableString.Invariant(
                $"Expected a position within {_options.Epochs} epochs of {BatchesPerEpoch} batches with the figures of every epoch before, found epoch {position.Epoch}, batch {position.Batch} with {history.Count} epochs' figures and {seconds.Count} times."));
        }

        Position = position;
        _ledger?.Dispose();
        _ledger = ledger;
        _history.Clear();
        _history.AddRange(history);
        EpochSeconds.Clear();
        EpochSeconds.AddRange(seconds);
    }

    // A finite loss can be followed by a step that overflows: the losses alone do not say that what is about to be saved is sound.
    private void RequireFiniteWeights()
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        IEnumerable<KeyValuePair<string, Tensor>> state = Classifier.Network.StateDict().Concat(Method.StateDict()).Concat(Optimizer.StateDict());
        foreach ((string name, Tensor tensor) in state.Where(p => p.Value.DType.IsFloatingPoint()))
        {
            if (tensor.Isfinite().All().Item() == 0)
            {
                throw NonFiniteLossException.OfWeights(Name, LastBatch, name);
            }
        }
    }

    private static T Started<T>(T? part)
        where T : class => part ?? throw new InvalidOperationException("The run has not been started: call Start with a sample batch first.");

    private DistillationBatch MakeBatch(ImageBatch batch, Tensor logits, TapRecorder taps, TeacherAnswer? teacher, Generator generator) => new()
    {
        StudentLogits = logits,
        TeacherLogits = teacher?.Logits,
        StudentTaps = taps.Outputs,
        TeacherTaps = teacher?.Taps ?? new Dictionary<string, Tensor>(),
        Targets = batch.Targets,
        HasUnlabelled = batch.HasUnlabelled,
        SampleIndices = batch.SampleIndices,
        Epoch = batch.Epoch,
        Step = ((long)batch.Epoch * BatchesPerEpoch) + batch.Index,
        Generator = generator,
    };
}

/// <summary>Sizes that a method is told of.</summary>
/// <param name="TrainingExamples">How many training examples there are.</param>
/// <param name="Classes">How many classes there are.</param>
/// <param name="BatchesPerEpoch">How many batches an epoch has.</param>
public readonly record struct MethodSize(int TrainingExamples, int Classes, int BatchesPerEpoch);
