using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Probabilistic transfer: how probable each image of a batch is as another's neighbour follows the teacher
/// (Passalis and Tefas, "Learning Deep Representations with Probabilistic Knowledge Transfer", ECCV 2018, cosine kernel).
/// </summary>
public sealed class PktMethod : LayerMethod
{
    /// <summary>What the reference implementation adds to lengths and probabilities.</summary>
    public const double DefaultEpsilon = 1e-7;

    private PktMethod(OptionValues options, LayerDefaults layers)
        : base(options, Pairs(options, layers))
    {
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "pkt",
        "Probabilistic knowledge transfer",
        "Passalis, Tefas: Learning Deep Representations with Probabilistic Knowledge Transfer. ECCV",
        2018,
        "a feature of the student and of the teacher, labels",
        "label-weight · CE(student, labels) + weight · mean over [B, B] of p · log(p/q), p (teacher) and q (student) = (cosine + 1)/2, rows at sum 1",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(30000),
            MethodOptions.LabelWeight(1),
            MethodOptions.StudentLayer("what enters the network's classifier"),
            MethodOptions.TeacherLayer("what enters the network's classifier"),
        ],
        (options, layers) => new PktMethod(options, layers),
        Check);

    /// <summary>
    /// The mean over all pairs of p · log((p + ε)/(q + ε)), p and q the teacher's and the student's conditional probabilities (the
    /// paper sums): similarities (cosine + 1)/2, each row divided by its sum. Features of length 0 are alike to all by half.
    /// </summary>
    /// <param name="student">The student's features <c>[B, ...]</c>, with graph.</param>
    /// <param name="teacher">The teacher's <c>[B, ...]</c>, flattened likewise; no gradient goes into them.</param>
    /// <param name="epsilon">ε, above 0, added to lengths and probabilities.</param>
    public static Tensor Loss(Tensor student, Tensor teacher, double epsilon = DefaultEpsilon)
    {
        Tensor q = Probabilities(student, epsilon);
        Tensor p = Probabilities(teacher.Detach(), epsilon);
        return (p * ((p + epsilon) / (q + epsilon)).Log()).Mean();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch) =>
        [Labels(batch), new("pkt", Loss(Students(batch)[0], Teachers(batch)[0]), Weight)];

    private static Tensor Probabilities(Tensor features, double epsilon)
    {
        Tensor rows = TensorForms.Rows(features);
        Tensor directions = rows / (rows.LinalgVectorNorm(2, [1], keepdim: true) + epsilon);

        // Twice the similarities: a row's sum takes the factor out again.
        Tensor similarities = directions.Mm(directions.T()) + 1.0;
        return similarities / similarities.Sum(1, keepdim: true);
    }

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
