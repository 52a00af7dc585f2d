using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Contrastive representation distillation: the student's embedding of an image lies near the teacher's of the same image and far
/// from its embeddings of others (Tian, Krishnan, Isola, ICLR 2020). Every example is its own positive; others are drawn as negatives.
/// </summary>
public sealed class CrdMethod : DistillationMethod
{
    private readonly string _studentLayer;
    private readonly string _teacherLayer;
    private readonly double _weight;
    private readonly double _labelWeight;
    private readonly int _negatives;
    private readonly double _temperature;
    private readonly double _momentum;
    private readonly int _dimension;
    private ContrastiveEmbedding? _studentEmbedding;
    private ContrastiveEmbedding? _teacherEmbedding;
    private ContrastiveMemory? _memory;

    private CrdMethod(OptionValues options, LayerDefaults layers)
    {
        MethodOptions.Require(MethodOptions.CheckWeight(options));
        (_studentLayer, _teacherLayer) = Layers(options, layers);
        _weight = options.Number("weight");
        _labelWeight = options.Number("label-weight");
        _negatives = options.Integer("negatives");
        _temperature = options.Number("temperature");
        _momentum = options.Number("momentum");
        _dimension = options.Integer("dimension");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "crd",
        "Contrastive representation distillation",
        "Tian, Krishnan, Isola: Contrastive Representation Distillation. ICLR",
        2020,
        "a feature of the student and of the teacher, sample indices, labels",
        "label-weight · CE(student, labels) + weight · (contrast(student, teacher's bank) + contrast(teacher, student's bank)), contrast = -log h(positive) - Σ log(1 - h(negative))",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(0.8),
            MethodOptions.LabelWeight(1),
            new OptionSpec("negatives", OptionKind.Integer, 16384L, "How many examples are drawn for each image, with replacement, to tell it apart from", Minimum: 1, Maximum: 1 << 24),
            new OptionSpec("temperature", OptionKind.Number, 0.07, "What scores are divided by; lower tells apart more sharply", Minimum: 0.01, Maximum: 10),
            new OptionSpec("momentum", OptionKind.Number, 0.5, "How much of an example's entry in the memory stays when it is renewed", Minimum: 0, Maximum: 0.9999),
            new OptionSpec("dimension", OptionKind.Integer, 128L, "Size of the embeddings", Minimum: 2, Maximum: 4096),
            MethodOptions.StudentLayer("what enters the network's classifier"),
            MethodOptions.TeacherLayer("what enters the network's classifier"),
        ],
        (options, layers) => new CrdMethod(options, layers),
        Check);

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudentTaps => [_studentLayer];

    /// <inheritdoc/>
    public override IReadOnlyList<string> TeacherTaps => [_teacherLayer];

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters =>
        _studentEmbedding is null ? [] : [.. _studentEmbedding.Parameters(), .. _teacherEmbedding!.Parameters()];

    private ContrastiveMemory Memory => _memory ?? throw new InvalidOperationException("The contrastive method has no memory yet: call Build before the first step.");

    /// <inheritdoc/>
    public override void Build(DistillationBatch sample, MethodSetup setup)
    {
        Tensor student = sample.StudentTaps[_studentLayer];
        Tensor teacher = sample.TeacherTaps[_teacherLayer];
        _studentEmbedding = Embedding(student, setup);
        _teacherEmbedding = Embedding(teacher, setup);
        _memory = new ContrastiveMemory(setup.TrainingExamples, _dimension, _temperature, _momentum, setup.Generator).To(student.DType, student.Device);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch) =>
        Compute(batch, Memory.DrawNegatives(batch.SampleIndices.Size(0), _negatives, batch.Generator));

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() => _memory is null
        ? []
        :
        [
            .. _studentEmbedding!.StateDict().Select(p => KeyValuePair.Create("embed_s." + p.Key, p.Value)),
            .. _teacherEmbedding!.StateDict().Select(p => KeyValuePair.Create("embed_t." + p.Key, p.Value)),
            new("bank_student", _memory.StudentBank),
            new("bank_teacher", _memory.TeacherBank),
            new("z_student", _memory.StudentConstant),
            new("z_teacher", _memory.TeacherConstant),
        ];

    /// <summary>The loss terms with negatives chosen by the caller, Int64 <c>[B, k]</c>: for comparisons with given values.</summary>
    public IReadOnlyList<LossTerm> Compute(DistillationBatch batch, Tensor negatives)
    {
        ContrastiveMemory memory = Memory;
        Tensor student = _studentEmbedding!.Call(batch.StudentTaps[_studentLayer]);
        Tensor teacher = _teacherEmbedding!.Call(batch.TeacherTaps[_teacherLayer].Detach());
        return
        [
            IndependentMethod.Labels(batch, _labelWeight),
            new("crd", memory.Contrast(student, teacher, batch.SampleIndices, negatives), _weight),
        ];
    }

    /// <inheritdoc/>
    protected override void OnStateLoaded() => Memory.RefreshConstants();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _studentEmbedding?.Dispose();
        _teacherEmbedding?.Dispose();
        _memory?.Dispose();
    }

    private ContrastiveEmbedding Embedding(Tensor features, MethodSetup setup)
    {
        var embedding = new ContrastiveEmbedding(features.ElementCount / features.Size(0), _dimension, setup.Generator);
        embedding.To(features.DType, features.Device);
        return embedding;
    }

    private static (string Student, string Teacher) Layers(OptionValues options, LayerDefaults layers) =>
        (MethodOptions.Layer(options, "student-layer", layers.Student.Penultimate), MethodOptions.Layer(options, "teacher-layer", layers.Teacher.Penultimate));

    private static string? Check(
        OptionValues options,
        LayerDefaults layers,
        IReadOnlyDictionary<string, long[]> studentShapes,
        IReadOnlyDictionary<string, long[]> teacherShapes)
    {
        (string student, string teacher) = Layers(options, layers);
        return MethodOptions.CheckWeight(options)
            ?? MethodOptions.CheckLayer("student", student, studentShapes)
            ?? MethodOptions.CheckLayer("teacher", teacher, teacherShapes)
            ?? MethodOptions.CheckLabelWeight(options, student, studentShapes);
    }
}
