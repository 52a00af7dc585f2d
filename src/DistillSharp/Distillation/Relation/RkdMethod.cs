using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Relations: distances between images of a batch, and angles that three of them make, follow the teacher's
/// (Park, Kim, Lu, Cho, "Relational Knowledge Distillation", CVPR 2019).
/// </summary>
public sealed class RkdMethod : LayerMethod
{
    private const double LeastDistance = 1e-6;

    private readonly double _distanceWeight;
    private readonly double _angleWeight;

    private RkdMethod(OptionValues options, LayerDefaults layers)
        : base(options, Pairs(options, layers))
    {
        _distanceWeight = options.Number("distance-weight");
        _angleWeight = options.Number("angle-weight");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "rkd",
        "Relational knowledge distillation",
        "Park, Kim, Lu, Cho: Relational Knowledge Distillation. CVPR",
        2019,
        "a feature of the student and of the teacher, labels",
        "label-weight · CE(student, labels) + weight · (distance-weight · huber(distances, over their mean) + angle-weight · huber(cosines of the angles of all triples))",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(1),
            MethodOptions.LabelWeight(1),
            MethodOptions.StudentLayer("what enters the network's classifier"),
            MethodOptions.TeacherLayer("what enters the network's classifier"),
            new OptionSpec("distance-weight", OptionKind.Number, 25.0, "What the distances of pairs count in the term", Minimum: 0, Maximum: 1e6),
            new OptionSpec("angle-weight", OptionKind.Number, 50.0, "What the angles of triples count in the term", Minimum: 0, Maximum: 1e6),
        ],
        (options, layers) => new RkdMethod(options, layers),
        Check);

    /// <summary>
    /// distance-weight times the Huber loss between all pairs' distances, each network's divided by their mean, plus angle-weight times
    /// that between the cosines of all triples' angles. Means run over all [B, B] and [B, B, B] entries,
    /// those of an example with itself, which are 0 on both sides, among them. A batch of one example gives 0.
    /// </summary>
    /// <param name="student">The student's features <c>[B, ...]</c>, with graph.</param>
    /// <param name="teacher">The teacher's <c>[B, ...]</c>, flattened likewise; no gradient goes into them.</param>
    /// <param name="distanceWeight">What distances count, 0 or more.</param>
    /// <param name="angleWeight">What angles count, 0 or more.</param>
    public static Tensor Loss(Tensor student, Tensor teacher, double distanceWeight, double angleWeight)
    {
        if (student.Size(0) < 2)
        {
            return TensorForms.Zero(student);
        }

        (Tensor distances, Tensor angles) = Relations(TensorForms.Rows(student));
        (Tensor teacherDistances, Tensor teacherAngles) = Relations(TensorForms.Rows(teacher.Detach()));
        return distances.SmoothL1Loss(teacherDistances) * distanceWeight + angles.SmoothL1Loss(teacherAngles) * angleWeight;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch) =>
    [
        Labels(batch),
        new("rkd", Loss(Students(batch)[0], Teachers(batch)[0], _distanceWeight, _angleWeight), Weight),
    ];

    // Differences are taken before products, not lengths out of products of features: nearby examples would lose their digits. For each
    // example the products of its differences to all others hold both their squared lengths, on the diagonal, and the cosines.
    private static (Tensor Distances, Tensor Angles) Relations(Tensor features)
    {
        long batch = features.Size(0);
        Tensor products = TensorForms.Products(features.Unsqueeze(0) - features.Unsqueeze(1), symmetric: true);
        Tensor squares = products.Diagonal(0, 1, 2);
        Tensor inverse = squares.ClampMin(TensorForms.LeastLength * TensorForms.LeastLength).Rsqrt();
        Tensor angles = products * inverse.Unsqueeze(1) * inverse.Unsqueeze(2);

        // Equal examples count as this far apart, so that the root has a gradient; an example and itself as 0.
        Tensor others = 1.0 - Operators.Eye(batch, features.DType, features.Device);
        Tensor distances = squares.ClampMin(LeastDistance * LeastDistance).Sqrt() * others;
        return (distances / (distances.Sum() / (batch * (batch - 1))), angles);
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
            ?? (options.Number("distance-weight") + options.Number("angle-weight") > 0 ? null : "Both 'distance-weight' and 'angle-weight' are 0, so nothing is compared. Give one of them a value above 0.")
            ?? pairs.Check(options, studentShapes, teacherShapes, maps: false);
    }
}
