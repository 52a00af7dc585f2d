using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Relations in place of values: the student's probabilities correlate with the teacher's, over the classes of each image and over the
/// images of each class (Huang, You, Wang, Qian, Xu, "Knowledge Distillation from A Stronger Teacher", NeurIPS 2022).
/// </summary>
public sealed class DistMethod : ResponseMethod
{
    // What the reference implementation adds to the product of norms.
    private const double Epsilon = 1e-8;

    private readonly double _interWeight;
    private readonly double _intraWeight;
    private readonly double _temperature;

    private DistMethod(OptionValues options)
        : base("dist", options)
    {
        MethodOptions.Require(CheckWeights(options));
        _interWeight = options.Number("inter-weight");
        _intraWeight = options.Number("intra-weight");
        _temperature = options.Number("temperature");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "dist",
        "Distillation from a stronger teacher (DIST)",
        "Huang, You, Wang, Qian, Xu: Knowledge Distillation from A Stronger Teacher. NeurIPS",
        2022,
        "teacher logits, labels",
        "label-weight · CE(student, labels) + T² · (inter-weight · mean(1 - correlation over classes) + intra-weight · mean(1 - correlation over the batch)), correlations of softmax(student/T) with softmax(teacher/T)",
        NeedsTeacher: true,
        [
            MethodOptions.Temperature(4),
            new OptionSpec("inter-weight", OptionKind.Number, 2.0, "Beta, what each image's correlation over the classes counts", Minimum: 0, Maximum: 1e6),
            new OptionSpec("intra-weight", OptionKind.Number, 2.0, "Gamma, what each class's correlation over the batch counts", Minimum: 0, Maximum: 1e6),
            MethodOptions.LabelWeight(1),
        ],
        (options, _) => new DistMethod(options),
        (options, _, _, _) => CheckWeights(options));

    /// <summary>The two parts, β · T² · (1 - correlation over classes) and γ · T² · (1 - correlation over the batch), meant over images and over classes.</summary>
    /// <param name="studentLogits"><c>[B, classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[B, classes]</c>; no gradient goes into them.</param>
    /// <param name="interWeight">β.</param>
    /// <param name="intraWeight">γ.</param>
    /// <param name="temperature">T, above 0.</param>
    public static (Tensor Inter, Tensor Intra) Loss(Tensor studentLogits, Tensor teacherLogits, double interWeight, double intraWeight, double temperature)
    {
        Tensor student = (studentLogits / temperature).Softmax(1);
        Tensor teacher = (teacherLogits.Detach() / temperature).Softmax(1);
        double scale = temperature * temperature;
        return ((1 - Correlation(student, teacher, 1).Mean()) * (interWeight * scale), (1 - Correlation(student, teacher, 0).Mean()) * (intraWeight * scale));
    }

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch)
    {
        (Tensor inter, Tensor intra) = Loss(batch.StudentLogits, batch.TeacherLogits!, _interWeight, _intraWeight, _temperature);
        return inter + intra;
    }

    private static Tensor Correlation(Tensor a, Tensor b, int dimension)
    {
        Tensor x = a - a.Mean(dimension, keepdim: true);
        Tensor y = b - b.Mean(dimension, keepdim: true);
        return (x * y).Sum(dimension) / ((x.LinalgVectorNorm(2, [dimension]) * y.LinalgVectorNorm(2, [dimension])) + Epsilon);
    }

    private static string? CheckWeights(OptionValues options) => options.Number("inter-weight") > 0 || options.Number("intra-weight") > 0
        ? null
        : "The options 'inter-weight' and 'intra-weight' are both 0, so the teacher would not count. Give one a value above 0, or use the method 'independent'.";
}
