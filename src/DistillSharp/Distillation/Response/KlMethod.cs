using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Soft labels: the student's softened probabilities follow the teacher's
/// (Hinton, Vinyals, Dean, "Distilling the Knowledge in a Neural Network", 2015, section 2).
/// </summary>
public sealed class KlMethod : DistillationMethod
{
    private const int ReductionSum = 2;

    private readonly double _temperature;
    private readonly double _weight;
    private readonly double _labelWeight;

    private KlMethod(OptionValues options)
    {
        MethodOptions.Require(MethodOptions.CheckWeight(options));
        _temperature = options.Number("temperature");
        _weight = options.Number("weight");
        _labelWeight = options.Number("label-weight");
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
            new OptionSpec("temperature", OptionKind.Number, 4.0, "T, which softens both distributions; 1 leaves them as they are", Minimum: 0.01, Maximum: 1000),
            MethodOptions.Weight(0.9),
            MethodOptions.LabelWeight(0.1),
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
        Tensor teacher = (teacherLogits.Detach() / temperature).Softmax(-1);
        Tensor studentLog = (studentLogits / temperature).LogSoftmax(-1);

        // ATen's kl_div(input, target) is KL(target ‖ input): the teacher, its first argument in the paper, comes second here.
        double distributions = studentLogits.ElementCount / studentLogits.Size(-1);
        return studentLog.KlDiv(teacher, ReductionSum) * (temperature * temperature / distributions);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch) =>
    [
        IndependentMethod.Labels(batch, _labelWeight),
        new("kl", Loss(batch.StudentLogits, batch.TeacherLogits!, _temperature), _weight),
    ];
}
