using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Singular vectors: how the main directions of one map's channels relate to those of the next follows the teacher
/// (Lee, Kim, Song, "Self-supervised Knowledge Distillation Using Singular Value Decomposition", ECCV 2018).
/// </summary>
public sealed class KdsvdMethod : LayerMethod
{
    private const int ReductionSum = 2;

    private readonly int _vectors;

    private KdsvdMethod(OptionValues options, LayerDefaults layers)
        : base(options, Pairs(options, layers)) => _vectors = options.Integer("vectors");

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "kdsvd",
        "Knowledge distillation by singular value decomposition",
        "Lee, Kim, Song: Self-supervised Knowledge Distillation Using Singular Value Decomposition. ECCV",
        2018,
        "maps of the student and of the teacher with equally many channels, labels",
        "label-weight · CE(student, labels) + weight · Σ over neighbouring maps: mean over examples of Σ (k(student) - k(teacher))², k = exp(-(v - v')²/8) between entries of the maps' main singular vectors",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(1),
            MethodOptions.LabelWeight(1),
            LayerPairs.StudentOption(LayerPairs.MapsText),
            LayerPairs.TeacherOption(LayerPairs.MapsText),
            new OptionSpec("vectors", OptionKind.Integer, 1L, "How many singular vectors of the teacher's maps are followed", Minimum: 1, Maximum: 64),
        ],
        (options, layers) => new KdsvdMethod(options, layers),
        Check);

    /// <summary>
    /// For each two neighbouring maps the squared differences between the student's and the teacher's kernels, summed over entries
    /// and vectors, meant over examples. A vector's entries belong to channels; each counts as much as its singular value
    /// has of the length of all k, the teacher's for both networks. For each vector of the teacher the student's is the one of its k + 3 main
    /// ones that is nearest in direction, with its sign.
    /// </summary>
    /// <param name="students">The student's maps <c>[B, C, H, W]</c>, with graph, from first to last.</param>
    /// <param name="teachers">The teacher's <c>[B, C, H', W']</c>, each with as many channels as the student's; no gradient goes into them.</param>
    /// <param name="vectors">k, 1 or more; where a map has fewer singular vectors, as many as it has.</param>
    /// <returns>One scalar less than there are maps.</returns>
    public static IReadOnlyList<Tensor> Losses(IReadOnlyList<Tensor> students, IReadOnlyList<Tensor> teachers, int vectors)
    {
        var losses = new List<Tensor>();
        Tensor? student = null, teacher = null;
        for (int i = 0; i < students.Count; i++)
        {
            (Tensor values, Tensor direction) = SingularVectors.Leading(teachers[i].Detach(), vectors);
            Tensor share = TensorForms.UnitLength(values, 1).Unsqueeze(1);
            Tensor nextTeacher = direction * share;
            Tensor nextStudent = SingularVectors.Nearest(students[i], direction, vectors + Spare) * share;
            if (student is not null)
            {
                losses.Add(Kernel(nextStudent, student).MseLoss(Kernel(nextTeacher, teacher!), ReductionSum) / (double)students[i].Size(0));
            }

            (student, teacher) = (nextStudent, nextTeacher);
        }

        return losses;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch) =>
        [Labels(batch), new("kdsvd", Sum(Losses(Students(batch), Teachers(batch), _vectors)), Weight)];

    // How many more vectors of the student than of the teacher are looked through for the nearest.
    private const int Spare = 3;

    private static Tensor Kernel(Tensor later, Tensor earlier) => ((later.Unsqueeze(2) - earlier.Unsqueeze(1)).Square() * -0.125).Exp();

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
            ?? pairs.Check(options, studentShapes, teacherShapes, fewest: 2)
            ?? pairs.CheckChannels(studentShapes, teacherShapes)
            ?? CheckVectors(options.Integer("vectors"), pairs, studentShapes, teacherShapes);
    }

    private static string? CheckVectors(
        int vectors, LayerPairs pairs, IReadOnlyDictionary<string, long[]> studentShapes, IReadOnlyDictionary<string, long[]> teacherShapes)
    {
        long most = pairs.Student.Select(p => studentShapes[p]).Concat(pairs.Teacher.Select(p => teacherShapes[p])).Min(s => Math.Min(s[0], s[1] * s[2]));
        return vectors <= most
            ? null
            : $"The option 'vectors' is {vectors}; the smallest map has {most} singular vectors. Give it at most that value, or choose larger maps.";
    }
}
