using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Similarities: which images of a batch are alike to the student follows which are to the teacher
/// (Tung and Mori, "Similarity-Preserving Knowledge Distillation", ICCV 2019).
/// </summary>
public sealed class SimilarityPreservingMethod : LayerMethod
{
    private SimilarityPreservingMethod(OptionValues options, LayerDefaults layers)
        : base(options, Pairs(options, layers))
    {
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "similarity-preserving",
        "Similarity-preserving distillation",
        "Tung, Mori: Similarity-Preserving Knowledge Distillation. ICCV",
        2019,
        "features of the student and of the teacher, labels",
        "label-weight · CE(student, labels) + weight · Σ over pairs of features: mean over [B, B] of (G(student) - G(teacher))², G = features · featuresᵀ, rows at unit length",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(3000),
            MethodOptions.LabelWeight(1),
            LayerPairs.StudentOption("the last map"),
            LayerPairs.TeacherOption("the last map"),
        ],
        (options, layers) => new SimilarityPreservingMethod(options, layers),
        Check);

    /// <summary>
    /// The mean squared difference of the batch's similarities for one pair of features: products of all pairs of
    /// examples, each row divided by its length.
    /// </summary>
    /// <param name="student">The student's features <c>[B, ...]</c>, with graph.</param>
    /// <param name="teacher">The teacher's <c>[B, ...]</c>, flattened likewise; no gradient goes into them.</param>
    public static Tensor Loss(Tensor student, Tensor teacher) => Similarities(student).MseLoss(Similarities(teacher.Detach()));

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch) =>
        [Labels(batch), new("similarity", Sum(Students(batch).Zip(Teachers(batch), Loss)), Weight)];

    private static Tensor Similarities(Tensor features) =>
        TensorForms.UnitLength(TensorForms.Products(TensorForms.Rows(features), symmetric: false), 1);

    private static LayerPairs Pairs(OptionValues options, LayerDefaults layers) =>
        LayerPairs.Several(options, layers, LayerPairs.LastMap);

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
