using DistillSharp.Configuration;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Variational information: the student's maps tell as much as possible of the teacher's
/// (Ahn, Hu, Damianou, Lawrence, Dai, "Variational Information Distillation for Knowledge Transfer", CVPR 2019).
/// </summary>
public sealed class VidMethod : LayerMethod
{
    private readonly double _variance;
    private readonly double _epsilon;
    private Sequential? _heads;

    private VidMethod(OptionValues options, LayerDefaults layers)
        : base(options, Pairs(options, layers))
    {
        MethodOptions.Require(CheckVariance(options));
        _variance = options.Number("initial-variance");
        _epsilon = options.Number("epsilon");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "vid",
        "Variational information distillation",
        "Ahn, Hu, Damianou, Lawrence, Dai: Variational Information Distillation for Knowledge Transfer. CVPR",
        2019,
        "maps of the student and of the teacher, labels",
        "label-weight · CE(student, labels) + weight · Σ over pairs of maps: mean of ((teacher - μ(student))²/σ² + log σ²)/2, σ² a trained variance for each channel",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(1),
            MethodOptions.LabelWeight(1),
            LayerPairs.StudentOption(LayerPairs.MapsText),
            LayerPairs.TeacherOption(LayerPairs.MapsText),
            new OptionSpec("initial-variance", OptionKind.Number, 5.0, "The variance of every channel at the start; above the option 'epsilon'", Minimum: 1e-3, Maximum: 1e6),
            new OptionSpec("epsilon", OptionKind.Number, 1e-5, "What is added to every variance", Minimum: 0, Maximum: 1e-3),
        ],
        (options, layers) => new VidMethod(options, layers),
        Check);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => _heads?.Parameters() ?? [];

    /// <summary>
    /// The mean over all elements of ((teacher - mean)²/σ² + log σ²)/2: the negative log-likelihood of the teacher's map under a normal
    /// distribution about what the student predicts (without its constant). σ² = softplus(log-scale) + ε.
    /// </summary>
    /// <param name="mean">What the student predicts, <c>[B, C, H, W]</c>, with graph.</param>
    /// <param name="teacher">The teacher's map of the same shape; no gradient goes into it.</param>
    /// <param name="logScale">One number a channel, <c>[C]</c>, trained.</param>
    /// <param name="epsilon">ε, 0 or more.</param>
    public static Tensor Loss(Tensor mean, Tensor teacher, Tensor logScale, double epsilon)
    {
        Tensor variance = (logScale.Softplus() + epsilon).View([1, -1, 1, 1]);
        return (((mean - teacher.Detach()).Square() / variance) + variance.Log()).Mean() * 0.5;
    }

    /// <summary>What the student's map predicts of the teacher's: three 1x1 convolutions without bias, ReLU between them.</summary>
    /// <param name="student">The student's map <c>[B, C, H, W]</c>.</param>
    /// <param name="first">Weights <c>[M, C, 1, 1]</c>.</param>
    /// <param name="second">Weights <c>[M, M, 1, 1]</c>.</param>
    /// <param name="third">Weights <c>[C', M, 1, 1]</c>.</param>
    public static Tensor Predict(Tensor student, Tensor first, Tensor second, Tensor third) =>
        Operators.Conv2d(Operators.Conv2d(Operators.Conv2d(student, first).Relu(), second).Relu(), third);

    /// <inheritdoc/>
    public override void Build(DistillationBatch sample, MethodSetup setup)
    {
        _heads = new Sequential([.. Students(sample).Zip(Teachers(sample), (s, t) =>
            (Module)new VariationalHead(s.Size(1), t.Size(1), t.Size(1), _variance, _epsilon, setup.Generator))]);
        _heads.To(sample.StudentLogits.DType, sample.StudentLogits.Device);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch)
    {
        Tensor[] students = Students(batch), teachers = Teachers(batch);
        return [Labels(batch), new("vid", Sum(_heads!.Children.Select((head, i) => Pair((VariationalHead)head.Value, students[i], teachers[i]))), Weight)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() => Named("heads", _heads);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _heads?.Dispose();

    /// <summary>The loss of a pair of maps whose sizes may differ: the larger is averaged down before the student's predicts.</summary>
    internal static Tensor PairLoss(Tensor student, Tensor teacher, Func<Tensor, Tensor> predict, Tensor logScale, double epsilon)
    {
        (Tensor s, Tensor t) = TensorForms.ToSmaller(student, teacher);
        return Loss(predict(s), t, logScale, epsilon);
    }

    private Tensor Pair(VariationalHead head, Tensor student, Tensor teacher) => PairLoss(student, teacher, head.Call, head.LogScale, _epsilon);

    private static string? CheckVariance(OptionValues options) => options.Number("initial-variance") > options.Number("epsilon")
        ? null
        : "The option 'initial-variance' is not above 'epsilon', which is added to every variance. Give it a larger value.";

    private static LayerPairs Pairs(OptionValues options, LayerDefaults layers) =>
        LayerPairs.Several(options, layers, LayerPairs.Maps);

    private static string? Check(
        OptionValues options,
        LayerDefaults layers,
        IReadOnlyDictionary<string, long[]> studentShapes,
        IReadOnlyDictionary<string, long[]> teacherShapes)
    {
        LayerPairs pairs = Pairs(options, layers);
        return MethodOptions.CheckWeight(options)
            ?? CheckVariance(options)
            ?? pairs.Check(options, studentShapes, teacherShapes);
    }
}
