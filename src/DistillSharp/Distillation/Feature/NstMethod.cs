using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Neuron selectivity: where each of the student's channels is active is distributed as in the teacher
/// (Huang and Wang, "Like What You Like: Knowledge Distill via Neuron Selectivity Transfer", 2017, polynomial kernel).
/// </summary>
public sealed class NstMethod : LayerMethod
{
    private NstMethod(OptionValues options, LayerDefaults layers)
        : base(options, Pairs(options, layers))
    {
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "nst",
        "Neuron selectivity transfer",
        "Huang, Wang: Like What You Like: Knowledge Distill via Neuron Selectivity Transfer. arXiv 1707.01219",
        2017,
        "maps of the student and of the teacher, labels",
        "label-weight · CE(student, labels) + weight · Σ over pairs of maps: squared maximum mean discrepancy between the channels, each at unit length, kernel (x·y)²",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(50),
            MethodOptions.LabelWeight(1),
            LayerPairs.StudentOption(LayerPairs.MapsText),
            LayerPairs.TeacherOption(LayerPairs.MapsText),
        ],
        (options, layers) => new NstMethod(options, layers),
        Check);

    /// <summary>
    /// The squared maximum mean discrepancy between the channels of one pair of maps, meant over examples (polynomial kernel, d = 2, c = 0):
    /// mean k(t, t') + mean k(s, s') - 2 mean k(s, t), k(x, y) = (x·y)². The larger map is averaged down.
    /// </summary>
    /// <remarks>
    /// With channels as rows of S and T, Σ (s·t)² is the squared length of S·Tᵀ, [C, C'], and also the inner product of Sᵀ·S and Tᵀ·T,
    /// [HW, HW]. So nothing of size [C, C', HW] is made, and the smaller of the two sides is taken. On the first, channels are brought
    /// to unit length after the product, by its diagonal; on the second the whole loss is the squared length of Sᵀ·S/C - Tᵀ·T/C'.
    /// </remarks>
    /// <param name="student">The student's map <c>[B, C, H, W]</c>, with graph.</param>
    /// <param name="teacher">The teacher's <c>[B, C', H', W']</c>; no gradient goes into it.</param>
    public static Tensor Loss(Tensor student, Tensor teacher)
    {
        (Tensor pooled, Tensor pooledTeacher) = TensorForms.ToSmaller(student, teacher.Detach());
        Tensor s = pooled.Flatten(2), t = pooledTeacher.Flatten(2);
        double c = s.Size(1), d = t.Size(1), pixels = s.Size(2);
        Tensor perExample = pixels * (c + d) <= (c * c) + (c * d) + (d * d) ? ByPixels(s, t, c, d) : ByChannels(s, t, c, d);
        return perExample / (double)s.Size(0);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch) =>
        [Labels(batch), new("nst", Sum(Students(batch).Zip(Teachers(batch), Loss)), Weight)];

    private static Tensor ByPixels(Tensor student, Tensor teacher, double channels, double teacherChannels)
    {
        Tensor s = TensorForms.UnitLength(student, 2), t = TensorForms.UnitLength(teacher, 2);
        return (s.Transpose(1, 2).Bmm(s) / channels - t.Transpose(1, 2).Bmm(t) / teacherChannels).Square().Sum();
    }

    private static Tensor ByChannels(Tensor student, Tensor teacher, double channels, double teacherChannels)
    {
        Tensor own = TensorForms.Products(student, symmetric: true);
        Tensor teachers = teacher.Bmm(teacher.Transpose(1, 2));

        // As in Products: the student's gradient lies as the student does.
        Tensor between = student.IsContiguous
            ? student.Bmm(teacher.Transpose(1, 2))
            : teacher.Bmm(student.Transpose(1, 2)).Transpose(1, 2);
        Tensor a = InverseLengths(own), b = InverseLengths(teachers);
        return (Kernels(teachers, b, b) / (teacherChannels * teacherChannels))
            + (Kernels(own, a, a) / (channels * channels))
            - (Kernels(between, a, b) * (2 / (channels * teacherChannels)));
    }

    private static Tensor Kernels(Tensor products, Tensor inverse, Tensor otherInverse) =>
        (products * inverse.Unsqueeze(2) * otherInverse.Unsqueeze(1)).Square().Sum();

    private static Tensor InverseLengths(Tensor gram) =>
        gram.Diagonal(0, 1, 2).ClampMin(TensorForms.LeastLength * TensorForms.LeastLength).Rsqrt();

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
            ?? pairs.Check(options, studentShapes, teacherShapes);
    }
}
