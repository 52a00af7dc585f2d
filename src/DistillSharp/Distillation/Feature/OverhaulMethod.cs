using DistillSharp.Configuration;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Overhaul of feature distillation: the student's maps before a ReLU follow the teacher's where these say something, and only
/// stay below a margin where they are off (Heo, Kim, Yun, Park, Kwak, Choi, "A Comprehensive Overhaul of Feature Distillation", ICCV 2019).
/// </summary>
public sealed class OverhaulMethod : LayerMethod
{
    // Below this share of negative responses the closed form is a division of two vanishing numbers.
    private const double RarelyNegative = 0.001;

    private readonly List<Tensor> _margins = [];
    private Sequential? _connectors;

    private OverhaulMethod(OptionValues options, LayerDefaults layers)
        : base(options, Pairs(options, layers))
    {
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "overhaul",
        "Overhaul of feature distillation (OFD)",
        "Heo, Kim, Yun, Park, Kwak, Choi: A Comprehensive Overhaul of Feature Distillation. ICCV",
        2019,
        "maps of the student and of the teacher before a ReLU, labels",
        "label-weight · CE(student, labels) + weight · Σ over pairs of maps: 2^(-maps after it) · mean over examples of partial-L2(connector(student), max(teacher, margin))",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(1e-3),
            MethodOptions.LabelWeight(1),
            LayerPairs.StudentOption(LayerPairs.PreactivationsText),
            LayerPairs.TeacherOption(LayerPairs.PreactivationsText),
        ],
        (options, layers) => new OverhaulMethod(options, layers),
        Check);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => _connectors?.Parameters() ?? [];

    /// <summary>
    /// The partial squared distance of one pair of maps, summed over neurons, meant over examples. The teacher's
    /// map is raised to the margin; where it is 0 or below, a student below it is left alone.
    /// </summary>
    /// <param name="student">The student's map before a ReLU, brought to the teacher's shape <c>[B, C, H, W]</c>, with graph.</param>
    /// <param name="teacher">The teacher's; no gradient goes into it.</param>
    /// <param name="margin">One number a channel, <c>[1, C, 1, 1]</c>; see <see cref="Margin"/>.</param>
    public static Tensor Loss(Tensor student, Tensor teacher, Tensor margin)
    {
        Tensor t = teacher.Detach();
        Tensor m = margin.Detach();
        Tensor deep = t.Le(m).To(t.DType);
        Tensor followed = t.Gt(0.0).LogicalOr(student.Detach().Gt(t).LogicalAnd(t.Gt(m))).To(t.DType);
        return ((student - m).Relu().Square() * deep + (student - t).Square() * followed).Sum() / (double)student.Size(0);
    }

    /// <summary>
    /// The mean of a channel's negative responses, where its batch norm leaves it normal with deviation |weight| and mean bias: mean - deviation · φ(mean/deviation)/Φ(-mean/deviation); -3 deviations where fewer than one response in a thousand is negative.
    /// </summary>
    /// <param name="weight">The batch norm's weight, <c>[C]</c>.</param>
    /// <param name="bias">The batch norm's bias, <c>[C]</c>.</param>
    /// <returns><c>[C]</c>, of the type given.</returns>
    public static Tensor Margin(Tensor weight, Tensor bias)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        Tensor deviation = weight.To(DType.Float64).Abs();
        Tensor mean = bias.To(DType.Float64);
        Tensor ratio = mean / deviation;
        Tensor negative = (ratio / Math.Sqrt(2)).Erfc() * 0.5;
        Tensor usual = mean - deviation * (ratio.Square() * -0.5).Exp() / (negative * Math.Sqrt(2 * Math.PI));
        return Operators.Where(negative.Gt(RarelyNegative), usual, deviation * -3.0).To(weight.DType);
    }

    /// <inheritdoc/>
    public override void Build(DistillationBatch sample, MethodSetup setup)
    {
        Tensor[] students = Students(sample), teachers = Teachers(sample);
        _connectors = new Sequential([.. students.Zip(teachers, (s, t) => Connector(s.Size(1), t.Size(1), setup.Generator))]);
        _connectors.To(sample.StudentLogits.DType, sample.StudentLogits.Device);
        for (int i = 0; i < teachers.Length; i++)
        {
            Tensor margin = setup.TeacherNorms.TryGetValue(TeacherTaps[i], out ChannelNorm? norm)
                ? Margin(norm.Deviation, norm.Mean)
                : MarginSeen(teachers[i], TeacherTaps[i], setup);
            _margins.Add(margin.To(teachers[i].DType, teachers[i].Device).View([1, -1, 1, 1]).Clone().Unscoped());
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch)
    {
        Tensor[] students = Students(batch), teachers = Teachers(batch);
        return [Labels(batch), new("overhaul", Sum(students.Select((s, i) => Pair(i, s, teachers[i]) * Math.Pow(2, i + 1 - students.Length))), Weight)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() =>
        [.. Named("connectors", _connectors), .. _margins.Select((m, i) => KeyValuePair.Create(FormattableString.Invariant($"margins.{i}"), m))];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _connectors?.Dispose();
        _margins.ForEach(m => m.Dispose());
    }

    private static Module Connector(long student, long teacher, Generator generator)
    {
        var convolution = new Conv2d(student, teacher, 1, generator, bias: false);
        Initialization.KaimingNormalFanOut(convolution.Weight, teacher, generator);
        return new Sequential(("conv", convolution), ("bn", new BatchNorm2d(teacher)));
    }

    // Where no batch norm says how responses are distributed, the first batch does: the mean of the negative ones, 0 where there is none.
    private static Tensor MarginSeen(Tensor map, string layer, MethodSetup setup)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        setup.Warn($"The teacher's layer '{layer}' ends in no batch norm: its margins are the means of the first batch's negative responses.");
        Tensor negative = map.Lt(0.0).To(map.DType);
        return (map * negative).Sum([0, 2, 3]) / negative.Sum([0, 2, 3]).ClampMin(1.0);
    }

    private Tensor Pair(int index, Tensor student, Tensor teacher)
    {
        (Tensor s, Tensor t) = TensorForms.ToSmaller(_connectors!.Children[index].Value.Call(student), teacher);
        return Loss(s, t, _margins[index]);
    }

    private static LayerPairs Pairs(OptionValues options, LayerDefaults layers) =>
        LayerPairs.Several(options, layers, LayerPairs.Preactivations);

    private static string? Check(
        OptionValues options,
        LayerDefaults layers,
        IReadOnlyDictionary<string, long[]> studentShapes,
        IReadOnlyDictionary<string, long[]> teacherShapes) =>
        MethodOptions.CheckWeight(options) ?? Pairs(options, layers).Check(options, studentShapes, teacherShapes);
}
