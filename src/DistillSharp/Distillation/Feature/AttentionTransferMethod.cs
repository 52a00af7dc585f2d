using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Attention: where the student's channels are active together follows where the teacher's are
/// (Zagoruyko and Komodakis, "Paying More Attention to Attention", ICLR 2017).
/// </summary>
public sealed class AttentionTransferMethod : LayerMethod
{
    private readonly int _power;

    private AttentionTransferMethod(OptionValues options, LayerDefaults layers)
        : base(options, Pairs(options, layers))
    {
        _power = options.Integer("power");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "attention-transfer",
        "Attention transfer",
        "Zagoruyko, Komodakis: Paying More Attention to Attention. ICLR",
        2017,
        "maps of the student and of the teacher, labels",
        "label-weight · CE(student, labels) + weight · Σ over pairs of maps: mean((attention(student) - attention(teacher))²), attention(map) = mean over channels of map^p, at unit length",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(1000),
            MethodOptions.LabelWeight(1),
            LayerPairs.StudentOption(LayerPairs.MapsText),
            LayerPairs.TeacherOption(LayerPairs.MapsText),
            new OptionSpec("power", OptionKind.Integer, 2L, "p, to which activations are raised before channels are averaged", Minimum: 1, Maximum: 8),
        ],
        (options, layers) => new AttentionTransferMethod(options, layers),
        Check);

    /// <summary>
    /// The mean squared difference of the attention maps of one pair (squares are meant, as in the public implementation
    /// whose weight of 1000 is the default; the paper has the length of the difference). The larger map is averaged down.
    /// </summary>
    /// <param name="student">The student's map <c>[B, C, H, W]</c>, with graph.</param>
    /// <param name="teacher">The teacher's <c>[B, C', H', W']</c>; no gradient goes into it.</param>
    /// <param name="power">p, 1 or more.</param>
    public static Tensor Loss(Tensor student, Tensor teacher, double power)
    {
        (Tensor s, Tensor t) = TensorForms.ToSmaller(student, teacher.Detach());
        return Attention(s, power).MseLoss(Attention(t, power));
    }

    /// <summary>The attention of a map: mean over channels of its p-th powers, flattened, at unit length: <c>[B, H·W]</c>.</summary>
    internal static Tensor Attention(Tensor map, double power) =>
        TensorForms.UnitLength((power == 2 ? map.Square() : map.Pow(power)).Mean(1).Flatten(1), 1);

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch) =>
    [
        Labels(batch),
        new("attention", Sum(Students(batch).Zip(Teachers(batch), (s, t) => Loss(s, t, _power))), Weight),
    ];

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
            ?? pairs.Check(options, studentShapes, teacherShapes)
            ?? CheckSizes(pairs, studentShapes, teacherShapes);
    }

    /// <summary>Says that every pair of maps comes to one pixel, whose attention at unit length is 1 whatever the map holds, or null.</summary>
    internal static string? CheckSizes(LayerPairs pairs, IReadOnlyDictionary<string, long[]> studentShapes, IReadOnlyDictionary<string, long[]> teacherShapes) =>
        pairs.Student.Zip(pairs.Teacher).Any(p => Pixels(studentShapes[p.First], teacherShapes[p.Second]) > 1)
            ? null
            : "All maps that are compared have one pixel, or are brought down to one: there is no attention to transfer. Choose layers with larger maps.";

    private static long Pixels(long[] student, long[] teacher) => Math.Min(student[1], teacher[1]) * Math.Min(student[2], teacher[2]);
}
