using DistillSharp.Configuration;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Knowledge review: the student's deeper maps, fused with its earlier ones, follow the teacher's maps at every level
/// (Chen, Liu, Zhao, Jia, "Distilling Knowledge via Knowledge Review", CVPR 2021). The deepest level is the vector before the classifier.
/// </summary>
public sealed class ReviewMethod : LayerMethod
{
    private const long MostBetween = 512;

    private readonly int _warmUp;
    private Sequential? _fusions;

    private ReviewMethod(OptionValues options, LayerDefaults layers)
        : base(options, Pairs(options, layers), PairsWeight(options, layers)) => _warmUp = options.Integer("warm-up");

    /// <summary>The weights for pairs of networks, as published for CIFAR-100 (https://github.com/dvlab-research/ReviewKD, CIFAR-100/script/reviewKD.sh).</summary>
    public static PublishedWeights Published { get; } = new(
        "the authors' scripts for CIFAR-100",
        5,
        [
            new("resnet56", "resnet20", 0.6),
            new("resnet110", "resnet32", 1),
            new("resnet32x4", "ShuffleV2", 8),
        ]);

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "review",
        "Knowledge review (ReviewKD)",
        "Chen, Liu, Zhao, Jia: Distilling Knowledge via Knowledge Review. CVPR",
        2021,
        "maps and the vector before the classifier of the student and of the teacher, labels",
        "label-weight · CE(student, labels) + weight · warm-up · Σ over levels: HCL(fused student, teacher), HCL = mean squared differences at the map's size and averaged to 4, 2 and 1 pixels, weighed 1, 1/2, 1/4, 1/8, over their sum",
        NeedsTeacher: true,
        [
            new OptionSpec("weight", OptionKind.Number, null, $"What the method's term counts in the loss, above 0; where left out, {Published.ToText()}", Minimum: 0, Maximum: 1e6),
            MethodOptions.LabelWeight(1),
            MethodOptions.WarmUp(20),
            LayerPairs.StudentOption(LayerPairs.MapsText + ", and what enters the classifier"),
            LayerPairs.TeacherOption(LayerPairs.PreactivationsText + ", and what enters the classifier"),
        ],
        (options, layers) => new ReviewMethod(options, layers),
        Check);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => _fusions?.Parameters() ?? [];

    /// <summary>
    /// The hierarchical context loss: for each level the mean squared difference, plus a half, a quarter and an eighth of
    /// that of the maps averaged down to 4x4, 2x2 and 1x1 pixels where they are larger, divided by the weights' sum; summed over levels.
    /// </summary>
    /// <param name="students">The student's fused maps, of the teacher's shapes <c>[B, C, H, W]</c>, with graph.</param>
    /// <param name="teachers">The teacher's maps; no gradient goes into them.</param>
    public static Tensor Loss(IReadOnlyList<Tensor> students, IReadOnlyList<Tensor> teachers) =>
        Sum(students.Select((s, i) => Context(s, teachers[i].Detach())));

    /// <inheritdoc/>
    public override void Build(DistillationBatch sample, MethodSetup setup)
    {
        Tensor[] students = Students(sample), teachers = Teachers(sample);
        long between = Math.Min(MostBetween, students[^1].Size(1));
        _fusions = new Sequential([.. students.Select((s, i) =>
            (Module)new ReviewFusion(s.Size(1), between, teachers[i].Size(1), i < students.Length - 1, setup.Generator))]);
        _fusions.To(sample.StudentLogits.DType, sample.StudentLogits.Device);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch)
    {
        Tensor[] students = [.. Students(batch).Select(AsMap)], teachers = [.. Teachers(batch).Select(AsMap)];
        var fused = new Tensor[students.Length];
        Tensor? deeper = null;
        for (int i = students.Length - 1; i >= 0; i--)
        {
            var fusion = (ReviewFusion)_fusions!.Children[i].Value;
            (fused[i], deeper) = fusion.Fuse(students[i], deeper, teachers[i].Size(2), teachers[i].Size(3));
        }

        return [Labels(batch), new("review", Loss(fused, teachers), Weight * MethodOptions.WarmUpFactor(batch.Epoch, _warmUp))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() => Named("fusions", _fusions);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _fusions?.Dispose();

    private static Tensor AsMap(Tensor features) => features.Dimensions == 2 ? features.Unsqueeze(2).Unsqueeze(3) : features;

    private static Tensor Context(Tensor student, Tensor teacher)
    {
        Tensor loss = student.MseLoss(teacher);
        double weight = 1, weights = 1;
        foreach (long size in (ReadOnlySpan<long>)[4, 2, 1])
        {
            if (size < student.Size(2))
            {
                weight /= 2;
                weights += weight;
                loss += student.AdaptiveAvgPool2d([size, size]).MseLoss(teacher.AdaptiveAvgPool2d([size, size])) * weight;
            }
        }

        return loss / weights;
    }

    private static double PairsWeight(OptionValues options, LayerDefaults layers) => options.Has("weight")
        ? options.Number("weight")
        : Published.For(layers.Teacher.Model, layers.Student.Model);

    private static LayerPairs Pairs(OptionValues options, LayerDefaults layers) => LayerPairs.Several(
        options, layers, s => [.. LayerPairs.Maps(s), s.Penultimate], t => [.. LayerPairs.Preactivations(t), t.Penultimate]);

    private static string? Check(
        OptionValues options,
        LayerDefaults layers,
        IReadOnlyDictionary<string, long[]> studentShapes,
        IReadOnlyDictionary<string, long[]> teacherShapes) =>
        MethodOptions.CheckWeight(PairsWeight(options, layers)) ?? Pairs(options, layers).Check(options, studentShapes, teacherShapes, maps: false);
}
