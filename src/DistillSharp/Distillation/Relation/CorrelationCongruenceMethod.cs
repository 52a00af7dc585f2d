using DistillSharp.Configuration;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Correlations: how images of a batch relate in an embedding follows the teacher
/// (Peng, Jin, Liu, Li, Wu, Liu, Zhou, Zhang, "Correlation Congruence for Knowledge Distillation", ICCV 2019), in the linear form that public
/// implementations share, which takes neighbours in the batch for pairs; the paper has a Gaussian kernel's Taylor series over all pairs.
/// </summary>
public sealed class CorrelationCongruenceMethod : LayerMethod
{
    private readonly int _dimension;
    private Linear? _student;
    private Linear? _teacher;

    private CorrelationCongruenceMethod(OptionValues options, LayerDefaults layers)
        : base(options, Pairs(options, layers))
    {
        _dimension = options.Integer("dimension");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "correlation-congruence",
        "Correlation congruence",
        "Peng, Jin, Liu, Li, Wu, Liu, Zhou, Zhang: Correlation Congruence for Knowledge Distillation. ICCV",
        2019,
        "a feature of the student and of the teacher, labels",
        "label-weight · CE(student, labels) + weight · mean over neighbours i, i+1 of the batch of Σ |s(i) - t(i)| · |s(i+1) - t(i+1)|, s and t trained linear embeddings",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(0.02),
            MethodOptions.LabelWeight(1),
            new OptionSpec("dimension", OptionKind.Integer, 128L, "Size of the embeddings", Minimum: 1, Maximum: 4096),
            MethodOptions.StudentLayer("what enters the network's classifier"),
            MethodOptions.TeacherLayer("what enters the network's classifier"),
        ],
        (options, layers) => new CorrelationCongruenceMethod(options, layers),
        Check);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => _student is null ? [] : [.. _student.Parameters(), .. _teacher!.Parameters()];

    /// <summary>
    /// The mean over neighbouring examples of the inner product of their absolute differences. A batch of one example has no neighbours and gives 0.
    /// </summary>
    /// <param name="student">The student's embeddings <c>[B, D]</c>, with graph.</param>
    /// <param name="teacher">The teacher's <c>[B, D]</c>: a trained embedding of its frozen features, so that a gradient goes into it.</param>
    public static Tensor Loss(Tensor student, Tensor teacher)
    {
        Tensor differences = (student - teacher).Abs();
        long batch = student.Size(0);
        return batch < 2
            ? TensorForms.Zero(differences)
            : (differences.Rows(0, batch - 1) * differences.Rows(1, batch)).Sum() / (double)(batch - 1);
    }

    /// <inheritdoc/>
    public override void Build(DistillationBatch sample, MethodSetup setup)
    {
        _student = Embedding(Students(sample)[0], setup.Generator);
        _teacher = Embedding(Teachers(sample)[0], setup.Generator);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch)
    {
        Tensor student = _student!.Call(Students(batch)[0].Flatten(1));
        Tensor teacher = _teacher!.Call(Teachers(batch)[0].Flatten(1));
        return [Labels(batch), new("correlation", Loss(student, teacher), Weight)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() => [.. Named("embed_s", _student), .. Named("embed_t", _teacher)];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _student?.Dispose();
        _teacher?.Dispose();
    }

    private Linear Embedding(Tensor features, Generator generator) =>
        (Linear)new Linear(features.ElementCount / features.Size(0), _dimension, generator).To(features.DType, features.Device);

    private static LayerPairs Pairs(OptionValues options, LayerDefaults layers) =>
        LayerPairs.One(options, layers, network => network.Penultimate);

    private static string? Check(
        OptionValues options,
        LayerDefaults layers,
        IReadOnlyDictionary<string, long[]> studentShapes,
        IReadOnlyDictionary<string, long[]> teacherShapes)
    {
        LayerPairs pairs = Pairs(options, layers);
        return MethodOptions.CheckWeight(options)
            ?? pairs.Check(options, studentShapes, teacherShapes, maps: false);
    }
}
