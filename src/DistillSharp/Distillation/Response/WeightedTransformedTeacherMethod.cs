using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Transformed teacher matching in which images on which the teacher is unsure count more
/// (Zheng, Yang, "Knowledge Distillation Based on Transformed Teacher Matching", ICLR 2024).
/// </summary>
public sealed class WeightedTransformedTeacherMethod : ResponseMethod
{
    private readonly double _temperature;

    private WeightedTransformedTeacherMethod(OptionValues options)
        : base("transformed-teacher", options) => _temperature = options.Number("temperature");

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "transformed-teacher-weighted",
        "Weighted transformed teacher matching (WTTM)",
        "Zheng, Yang: Knowledge Distillation Based on Transformed Teacher Matching. ICLR",
        2024,
        "teacher logits, labels",
        "label-weight · CE(student, labels) + weight · mean(U · KL(softmax(teacher/T) ‖ softmax(student))), U = sum over classes of softmax(teacher)^(1/T)",
        NeedsTeacher: true,
        [TransformedTeacherMethod.TeacherTemperature(5), MethodOptions.Weight(4), MethodOptions.LabelWeight(1)],
        (options, _) => new WeightedTransformedTeacherMethod(options),
        (options, _, _, _) => MethodOptions.CheckWeight(options));

    /// <summary>
    /// U · KL(softmax(teacher/T) ‖ softmax(student)), in nats, meant over the examples; U = Σ p^(1/T), p = softmax(teacher), is 1 for a
    /// teacher that is certain and classes^(1 - 1/T) for one that knows nothing.
    /// </summary>
    /// <param name="studentLogits"><c>[..., classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[..., classes]</c>; no gradient goes into them.</param>
    /// <param name="temperature">T, above 0; the paper's exponent is 1/T.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor teacherLogits, double temperature)
    {
        Tensor teacher = teacherLogits.Detach();
        Tensor powerSum = (teacher.LogSoftmax(-1) / temperature).Logsumexp([-1]).Exp();
        return (powerSum * KlMethod.PerExample(studentLogits, teacher / temperature, 1)).Mean();
    }

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch) => Loss(batch.StudentLogits, batch.TeacherLogits!, _temperature);
}
