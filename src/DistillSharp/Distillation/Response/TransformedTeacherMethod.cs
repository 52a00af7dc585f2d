using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Only the teacher is softened: the student's own distribution follows the teacher's power transform
/// (Zheng, Yang, "Knowledge Distillation Based on Transformed Teacher Matching", ICLR 2024).
/// </summary>
public sealed class TransformedTeacherMethod : ResponseMethod
{
    private readonly double _temperature;

    private TransformedTeacherMethod(OptionValues options)
        : base("transformed-teacher", options) => _temperature = options.Number("temperature");

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "transformed-teacher",
        "Transformed teacher matching (TTM)",
        "Zheng, Yang: Knowledge Distillation Based on Transformed Teacher Matching. ICLR",
        2024,
        "teacher logits, labels",
        "label-weight · CE(student, labels) + weight · KL(softmax(teacher/T) ‖ softmax(student)); softmax(teacher/T) is the teacher's p^(1/T), divided by its sum",
        NeedsTeacher: true,
        [TeacherTemperature(10), MethodOptions.Weight(45), MethodOptions.LabelWeight(1)],
        (options, _) => new TransformedTeacherMethod(options),
        (options, _, _, _) => MethodOptions.CheckWeight(options));

    /// <summary>
    /// KL(softmax(teacher/T) ‖ softmax(student)), in nats: summed over classes, meant over all other dimensions. It is
    /// T · KL(softmax(teacher/T) ‖ softmax(student/T)) less a Rényi entropy of the student, which keeps the student unsure.
    /// </summary>
    /// <param name="studentLogits"><c>[..., classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[..., classes]</c>; no gradient goes into them.</param>
    /// <param name="temperature">T, above 0; the paper's exponent is 1/T.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor teacherLogits, double temperature) =>
        KlMethod.Loss(studentLogits, teacherLogits.Detach() / temperature, 1);

    /// <summary>The temperature of the teacher alone.</summary>
    internal static OptionSpec TeacherTemperature(double fallback) =>
        new("temperature", OptionKind.Number, fallback, "T, which softens the teacher alone; the paper's exponent gamma is 1/T", Minimum: 0.01, Maximum: 1000);

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch) => Loss(batch.StudentLogits, batch.TeacherLogits!, _temperature);
}
