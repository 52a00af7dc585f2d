using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Flow between layers: how channels of one map go together with channels of the next follows the teacher
/// (Yim, Joo, Bae, Kim, "A Gift from Knowledge Distillation", CVPR 2017). An initial stage teaches the flow alone.
/// </summary>
public sealed class FspMethod : LayerMethod
{
    private readonly InitialStage _stage;
    private readonly bool _keep;

    private FspMethod(OptionValues options, LayerDefaults layers)
        : base(options, Pairs(options, layers))
    {
        MethodOptions.Require(MethodOptions.CheckKeep(options));
        _stage = new InitialStage(options.Number("initial-share"));
        _keep = options.Boolean("keep");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "fsp",
        "Flow of solution procedure (FSP)",
        "Yim, Joo, Bae, Kim: A Gift from Knowledge Distillation: Fast Optimization, Network Minimization and Transfer Learning. CVPR",
        2017,
        "maps of the student and of the teacher with equally many channels, labels",
        "weight · Σ over neighbouring maps: mean((G(student) - G(teacher))²), G = first · secondᵀ / (height · width); in the initial stage alone, then with label-weight · CE(student, labels)",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(50),
            MethodOptions.LabelWeight(1),
            LayerPairs.StudentOption("all maps"),
            LayerPairs.TeacherOption("all maps"),
            MethodOptions.InitialShare(0.125),
            MethodOptions.Keep(),
        ],
        (options, layers) => new FspMethod(options, layers),
        Check);

    /// <summary>
    /// For each two neighbouring maps the mean squared difference of the student's and the teacher's flow matrices (with
    /// means for sums). The larger of the two maps is averaged down.
    /// </summary>
    /// <param name="students">The student's maps <c>[B, C, H, W]</c>, with graph, from first to last.</param>
    /// <param name="teachers">The teacher's, each with as many channels as the student's; no gradient goes into them.</param>
    /// <returns>One scalar less than there are maps.</returns>
    public static IReadOnlyList<Tensor> Losses(IReadOnlyList<Tensor> students, IReadOnlyList<Tensor> teachers) =>
    [
        .. Enumerable.Range(0, students.Count - 1).Select(i =>
            Flow(students[i], students[i + 1]).MseLoss(Flow(teachers[i].Detach(), teachers[i + 1].Detach()))),
    ];

    /// <inheritdoc/>
    public override void Build(DistillationBatch sample, MethodSetup setup) => _stage.Plan(setup);

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch)
    {
        bool initial = _stage.Covers(batch);
        return
        [
            initial ? LabelsUncounted(batch) : Labels(batch),
            new("fsp", Sum(Losses(Students(batch), Teachers(batch))), initial || _keep ? Weight : 0),
        ];
    }

    // A flow matrix, [B, C, C'], as one product for each example.
    private static Tensor Flow(Tensor first, Tensor second)
    {
        (Tensor a, Tensor b) = TensorForms.ToSmaller(first, second);
        return a.Flatten(2).Bmm(b.Flatten(2).Transpose(1, 2)) / (double)(a.Size(2) * a.Size(3));
    }

    private static LayerPairs Pairs(OptionValues options, LayerDefaults layers) =>
        LayerPairs.Several(options, layers, LayerPairs.AllMaps);

    private static string? Check(
        OptionValues options,
        LayerDefaults layers,
        IReadOnlyDictionary<string, long[]> studentShapes,
        IReadOnlyDictionary<string, long[]> teacherShapes)
    {
        LayerPairs pairs = Pairs(options, layers);
        return MethodOptions.CheckWeight(options)
            ?? MethodOptions.CheckKeep(options)
            ?? pairs.Check(options, studentShapes, teacherShapes, fewest: 2)
            ?? pairs.CheckChannels(studentShapes, teacherShapes);
    }
}
