using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Both distributions against their mixture: bounded, and finite whatever the networks say
/// (Agarwal et al., "On-Policy Distillation of Language Models", ICLR 2024, its generalised divergence).
/// </summary>
public sealed class JensenShannonMethod : ResponseMethod
{
    private readonly double _temperature;
    private readonly double _teacherShare;

    private JensenShannonMethod(OptionValues options)
        : base("jensen-shannon", options)
    {
        _temperature = options.Number("temperature");
        _teacherShare = options.Number("teacher-share");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "jensen-shannon",
        "Jensen-Shannon divergence",
        "Agarwal, Vieillard, Zhou, Stanczyk, Ramos, Geist, Bachem: On-Policy Distillation of Language Models: Learning from Self-Generated Mistakes. ICLR",
        2024,
        "teacher logits, labels",
        "label-weight · CE(student, labels) + weight · T² · (b · KL(p ‖ m) + (1 - b) · KL(q ‖ m)), p = softmax(teacher/T), q = softmax(student/T), m = b · p + (1 - b) · q",
        NeedsTeacher: true,
        [
            MethodOptions.Temperature(4),
            MethodOptions.Weight(0.9),
            MethodOptions.LabelWeight(0.1),
            new OptionSpec("teacher-share", OptionKind.Number, 0.5, "b, the teacher's share in the mixture; 0.5 is the symmetric divergence, at most log 2", Minimum: 0.01, Maximum: 0.99),
        ],
        (options, _) => new JensenShannonMethod(options),
        (options, _, _, _) => MethodOptions.CheckWeight(options));

    /// <summary>
    /// T² · (b · KL(p ‖ m) + (1 - b) · KL(q ‖ m)) with m = b·p + (1 - b)·q, in nats: summed over classes, meant over all other dimensions.
    /// </summary>
    /// <param name="studentLogits"><c>[..., classes]</c>, with graph; q = softmax(student/T).</param>
    /// <param name="teacherLogits"><c>[..., classes]</c>; no gradient goes into them; p = softmax(teacher/T).</param>
    /// <param name="temperature">T, above 0.</param>
    /// <param name="teacherShare">b, between 0 and 1.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor teacherLogits, double temperature, double teacherShare = 0.5)
    {
        Tensor softened = studentLogits / temperature, softenedTeacher = teacherLogits.Detach() / temperature;
        Tensor student = softened.LogSoftmax(-1), teacher = softenedTeacher.LogSoftmax(-1);
        Tensor mixture = (teacher + Math.Log(teacherShare)).Logaddexp(student + Math.Log(1 - teacherShare));

        // Probabilities by their own softmax: see ReverseKlMethod.
        double distributions = studentLogits.ElementCount / studentLogits.Size(-1);
        Tensor sum = ((softenedTeacher.Softmax(-1) * (teacher - mixture)).Sum() * teacherShare) + ((softened.Softmax(-1) * (student - mixture)).Sum() * (1 - teacherShare));
        return sum * (temperature * temperature / distributions);
    }

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch) => Loss(batch.StudentLogits, batch.TeacherLogits!, _temperature, _teacherShare);
}
