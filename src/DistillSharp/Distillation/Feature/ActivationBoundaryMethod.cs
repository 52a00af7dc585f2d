using DistillSharp.Configuration;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Activation boundaries: the student's neurons are on where the teacher's are and off where the teacher's are
/// (Heo, Lee, Yun, Choi, "Knowledge Transfer via Distillation of Activation Boundaries Formed by Hidden Neurons", AAAI 2019).
/// An initial stage teaches the boundaries alone.
/// </summary>
public sealed class ActivationBoundaryMethod : LayerMethod
{
    private const double Scale = 0.003;

    private readonly InitialStage _stage;
    private readonly bool _keep;
    private readonly double _margin;
    private Sequential? _connectors;

    private ActivationBoundaryMethod(OptionValues options, LayerDefaults layers)
        : base(options, Pairs(options, layers))
    {
        MethodOptions.Require(MethodOptions.CheckKeep(options));
        _stage = new InitialStage(options.Number("initial-share"));
        _keep = options.Boolean("keep");
        _margin = options.Number("margin");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "activation-boundary",
        "Activation boundaries",
        "Heo, Lee, Yun, Choi: Knowledge Transfer via Distillation of Activation Boundaries Formed by Hidden Neurons. AAAI",
        2019,
        "maps of the student and of the teacher before a ReLU, labels",
        "weight · Σ over pairs of maps: 0.003 · 2^(-maps after it) · mean over examples of Σ max(0, margin ∓ connector(student))²; in the initial stage alone, then with label-weight · CE(student, labels)",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(1),
            MethodOptions.LabelWeight(1),
            LayerPairs.StudentOption(LayerPairs.PreactivationsText),
            LayerPairs.TeacherOption(LayerPairs.PreactivationsText),
            new OptionSpec("margin", OptionKind.Number, 1.0, "How far from its boundary a neuron of the student is to be, on the teacher's side", Minimum: 0, Maximum: 1000),
            MethodOptions.InitialShare(0.125),
            MethodOptions.Keep(),
        ],
        (options, layers) => new ActivationBoundaryMethod(options, layers),
        Check);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => _connectors?.Parameters() ?? [];

    /// <summary>
    /// For each pair of maps 0.003 · 2^(-n) · mean over examples of Σ over neurons of max(0, margin + student)² where the teacher is off (0 or
    /// below), max(0, margin - student)² where it is on (the public implementation scales the sum so); n is how many
    /// maps follow.
    /// </summary>
    /// <param name="students">The student's maps before a ReLU, of the teacher's shapes <c>[B, C, H, W]</c>, with graph.</param>
    /// <param name="teachers">The teacher's; no gradient goes into them.</param>
    /// <param name="margin">0 or more.</param>
    public static IReadOnlyList<Tensor> Losses(IReadOnlyList<Tensor> students, IReadOnlyList<Tensor> teachers, double margin) =>
        [.. students.Select((s, i) => Boundary(s, teachers[i].Detach(), margin) * (Scale * Math.Pow(2, i + 1 - students.Count)))];

    /// <inheritdoc/>
    public override void Build(DistillationBatch sample, MethodSetup setup)
    {
        _stage.Plan(setup);
        _connectors = new Sequential([.. Students(sample).Zip(Teachers(sample), (s, t) => Connector(s, t, setup.Generator))]);
        _connectors.To(sample.StudentLogits.DType, sample.StudentLogits.Device);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch)
    {
        bool initial = _stage.Covers(batch);
        Tensor[] students = [.. Students(batch).Zip(_connectors!.Children, (map, connector) => connector.Value.Call(map))];
        return
        [
            initial ? LabelsUncounted(batch) : Labels(batch),
            new("boundary", Sum(Losses(students, Teachers(batch), _margin)), initial || _keep ? Weight : 0),
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() => Named("connectors", _connectors);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _connectors?.Dispose();

    // Maps of equal shape are compared as they are; others are brought to the teacher's shape, without a ReLU.
    private static Module Connector(Tensor student, Tensor teacher, Generator generator) => student.Shape.SequenceEqual(teacher.Shape)
        ? new Sequential(ReadOnlySpan<Module>.Empty)
        : HintAdapter.Create("convolution", student.Shape.AsSpan(1), teacher.Shape.AsSpan(1), generator, relu: false)!;

    private static Tensor Boundary(Tensor student, Tensor teacher, double margin)
    {
        // 1 where the teacher is on, -1 where it is off: both cases are one product.
        Tensor side = teacher.Gt(0.0).To(student.DType) * 2.0 - 1.0;
        return (margin - side * student).Relu().Square().Sum() / (double)student.Size(0);
    }

    private static LayerPairs Pairs(OptionValues options, LayerDefaults layers) =>
        LayerPairs.Several(options, layers, LayerPairs.Preactivations);

    private static string? Check(
        OptionValues options,
        LayerDefaults layers,
        IReadOnlyDictionary<string, long[]> studentShapes,
        IReadOnlyDictionary<string, long[]> teacherShapes)
    {
        LayerPairs pairs = Pairs(options, layers);
        return MethodOptions.CheckWeight(options)
            ?? MethodOptions.CheckKeep(options)
            ?? pairs.Check(options, studentShapes, teacherShapes)
            ?? pairs.Student.Zip(pairs.Teacher, (s, t) => HintAdapter.Check("convolution", studentShapes[s], teacherShapes[t])).FirstOrDefault(p => p is not null);
    }
}
