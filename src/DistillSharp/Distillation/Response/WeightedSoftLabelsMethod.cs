using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Soft labels count less for images that the student already knows as well as the teacher
/// (Zhou et al., "Rethinking Soft Labels for Knowledge Distillation: A Bias-Variance Tradeoff Perspective", ICLR 2021).
/// </summary>
public sealed class WeightedSoftLabelsMethod : ResponseMethod
{
    // What the authors' code adds to the teacher's cross-entropy.
    private const double Epsilon = 1e-7;

    private readonly double _temperature;

    private WeightedSoftLabelsMethod(OptionValues options)
        : base("weighted-kl", options) => _temperature = options.Number("temperature");

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "weighted-soft-labels",
        "Weighted soft labels (WSL)",
        "Zhou, Song, Chen, Zhou, Wang, Yuan, Zhang: Rethinking Soft Labels for Knowledge Distillation: A Bias-Variance Tradeoff Perspective. ICLR",
        2021,
        "teacher logits, labels",
        "label-weight · CE(student, labels) + weight · T² · mean(w · KL(softmax(teacher/T) ‖ softmax(student/T))), w = 1 - exp(-CE(student, label) / CE(teacher, label))",
        NeedsTeacher: true,
        [MethodOptions.Temperature(2), MethodOptions.Weight(2.5), MethodOptions.LabelWeight(1)],
        (options, _) => new WeightedSoftLabelsMethod(options),
        (options, _, _, _) => MethodOptions.CheckWeight(options))
    {
        NeedsLabels = true,
    };

    /// <summary>
    /// T² · w · KL(softmax(teacher/T) ‖ softmax(student/T)), in nats, meant over the examples; w = 1 - exp(-l_student/l_teacher), l the
    /// cross-entropies with the label at temperature 1, is a constant to the gradient.
    /// </summary>
    /// <param name="studentLogits"><c>[B, classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[B, classes]</c>; no gradient goes into them.</param>
    /// <param name="targets">The true classes, Int64 <c>[B]</c>.</param>
    /// <param name="temperature">T, above 0.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor teacherLogits, Tensor targets, double temperature) =>
        (Weights(studentLogits, teacherLogits, targets) * KlMethod.PerExample(studentLogits, teacherLogits, temperature)).Mean() * (temperature * temperature);

    /// <summary>The weight of each example, from 0 to 1, without graph: <c>[B]</c>.</summary>
    public static Tensor Weights(Tensor studentLogits, Tensor teacherLogits, Tensor targets)
    {
        const int NoReduction = 0;
        Tensor student = studentLogits.Detach().CrossEntropyLoss(targets, reduction: NoReduction);
        Tensor teacher = teacherLogits.Detach().CrossEntropyLoss(targets, reduction: NoReduction);
        return 1 - (-(student / (teacher + Epsilon))).Exp();
    }

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch) => Loss(batch.StudentLogits, batch.TeacherLogits!, batch.Targets, _temperature);
}
