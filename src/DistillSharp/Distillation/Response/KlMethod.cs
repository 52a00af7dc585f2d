using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Soft labels: the student's softened probabilities follow the teacher's
/// (Hinton, Vinyals, Dean, "Distilling the Knowledge in a Neural Network", 2015, section 2).
/// </summary>
public sealed class KlMethod : ResponseMethod
{
    private const int ReductionSum = 2;

    private readonly double _temperature;
    private readonly bool _standardize;

    private KlMethod(OptionValues options)
        : base("kl", options)
    {
        _temperature = options.Number("temperature");
        _standardize = options.Boolean("standardize");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "kl",
        "Knowledge distillation (soft labels)",
        "Hinton, Vinyals, Dean: Distilling the Knowledge in a Neural Network. NIPS Deep Learning Workshop",
        2015,
        "teacher logits, labels",
        "label-weight · CE(student, labels) + weight · T² · KL(softmax(teacher/T) ‖ softmax(student/T))",
        NeedsTeacher: true,
        [
            MethodOptions.Temperature(4),
            MethodOptions.Weight(0.9),
            MethodOptions.LabelWeight(0.1),
            new OptionSpec("standardize", OptionKind.Boolean, false, "Whether both networks' logits are made Z-scores over the classes first (Sun et al. 2024); the method 'logit-standardization' does so with its own weights"),
        ],
        (options, _) => new KlMethod(options),
        (options, _, _, _) => MethodOptions.CheckWeight(options));

    /// <summary>
    /// T² · KL(softmax(teacher/T) ‖ softmax(student/T)), in nats: summed over classes, meant over all other dimensions.
    /// The factor T² keeps the gradient's size when the temperature changes (Hinton et al. 2015, section 2.1).
    /// </summary>
    /// <param name="studentLogits"><c>[..., classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[..., classes]</c>; no gradient goes into them.</param>
    /// <param name="temperature">T, above 0.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor teacherLogits, double temperature)
    {
        Tensor teacher = Softened(teacherLogits.Detach(), temperature).Softmax(-1);
        Tensor studentLog = Softened(studentLogits, temperature).LogSoftmax(-1);

        // ATen's kl_div(input, target) is KL(target ‖ input): the teacher, its first argument in the paper, comes second here.
        double distributions = studentLogits.ElementCount / studentLogits.Size(-1);
        return studentLog.KlDiv(teacher, ReductionSum) * (temperature * temperature / distributions);
    }

    /// <summary>KL(softmax(teacher/T) ‖ softmax(student/T)) of each example, in nats, without the factor T²: <c>[...]</c>.</summary>
    /// <param name="studentLogits"><c>[..., classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[..., classes]</c>; no gradient goes into them.</param>
    /// <param name="temperature">T, above 0.</param>
    public static Tensor PerExample(Tensor studentLogits, Tensor teacherLogits, double temperature)
    {
        const int NoReduction = 0;
        Tensor teacher = Softened(teacherLogits.Detach(), temperature).Softmax(-1);
        return Softened(studentLogits, temperature).LogSoftmax(-1).KlDiv(teacher, NoReduction).Sum(-1);
    }

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch) => _standardize
        ? LogitStandardizationMethod.Loss(batch.StudentLogits, batch.TeacherLogits!, _temperature)
        : Loss(batch.StudentLogits, batch.TeacherLogits!, _temperature);

    private static Tensor Softened(Tensor logits, double temperature) => temperature == 1 ? logits : logits / temperature;
}
