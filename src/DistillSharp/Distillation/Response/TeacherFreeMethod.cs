using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// A virtual teacher that is always right and equally unsure of all other classes
/// (Yuan, Tay, Li, Wang, Feng, "Revisiting Knowledge Distillation via Label Smoothing Regularization", CVPR 2020, Tf-KD reg).
/// </summary>
/// <remarks>
/// The authors' code does not do what their paper states: it softens the probabilities themselves, softmax(p/T), where the paper's
/// teacher has probabilities p, and so logits log p; it leaves the student at temperature 1; and it means the divergence over the classes too, with a
/// constant factor against that. Its target is nearly even (0.1045 against 0.0995 of 10 classes at T = 20). Here both sides are
/// softened as the paper states (0.135 against 0.096).
/// </remarks>
public sealed class TeacherFreeMethod : ResponseMethod
{
    private readonly double _temperature;
    private readonly double _confidence;
    private readonly double _scale;

    private TeacherFreeMethod(OptionValues options)
        : base("virtual-teacher", options)
    {
        _temperature = options.Number("temperature");
        _confidence = options.Number("confidence");
        _scale = options.Boolean("scale-by-temperature") ? _temperature * _temperature : 1;
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "teacher-free",
        "Teacher-free distillation from a virtual teacher (Tf-KD reg)",
        "Yuan, Tay, Li, Wang, Feng: Revisiting Knowledge Distillation via Label Smoothing Regularization. CVPR",
        2020,
        "labels",
        "label-weight · CE(student, labels) + weight · c · KL(softmax(log(p)/T) ‖ softmax(student/T)), p = a at the label and (1 - a)/(classes - 1) elsewhere; as the paper states, not as its code, which leaves the student at temperature 1 and softens p in place of log(p). c = T² with scale-by-temperature; the paper has no such factor, and without it a temperature of 20 leaves next to no gradient",
        NeedsTeacher: false,
        [
            new OptionSpec("confidence", OptionKind.Number, 0.99, "a, the virtual teacher's probability of the true class before it is softened", Minimum: 0.5, Maximum: 0.999999),
            MethodOptions.Temperature(20),
            MethodOptions.Weight(0.9),
            MethodOptions.LabelWeight(0.1),
            MethodOptions.ScaleByTemperature(true),
        ],
        (options, _) => new TeacherFreeMethod(options),
        (options, _, _, _) => MethodOptions.CheckWeight(options))
    {
        NeedsLabels = true,
    };

    /// <inheritdoc/>
    public override bool NeedsTeacher => false;

    /// <summary>KL(p softened ‖ softmax(student/T)), in nats, without the factor T²: summed over classes, meant over the examples.</summary>
    /// <param name="studentLogits"><c>[B, classes]</c>, with graph.</param>
    /// <param name="targets">The true classes, Int64 <c>[B]</c>.</param>
    /// <param name="confidence">a, between 1/classes and 1.</param>
    /// <param name="temperature">T, above 0; softens both sides.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor targets, double confidence, double temperature)
    {
        (double own, double other) = Softened(confidence, temperature, studentLogits.Size(1));
        Tensor log = (studentLogits / temperature).LogSoftmax(1);

        // Σ p log p is the same for all examples, and Σ p log q needs the label's column and the sum of all.
        double negativeEntropy = (own * Math.Log(own)) + ((studentLogits.Size(1) - 1) * other * Math.Log(other));
        Tensor cross = (log.Gather(1, targets.Unsqueeze(1)).Sum() * (own - other)) + (log.Sum() * other);
        return negativeEntropy - (cross / studentLogits.Size(0));
    }

    /// <summary>The virtual teacher's probabilities at temperature T: of the true class, and of each other.</summary>
    internal static (double Own, double Other) Softened(double confidence, double temperature, long classes)
    {
        double ratio = Math.Exp((Math.Log(confidence) - Math.Log((1 - confidence) / (classes - 1))) / temperature);
        double other = 1 / (ratio + classes - 1);
        return (ratio * other, other);
    }

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch) =>
        Loss(batch.StudentLogits, batch.Targets, _confidence, _temperature) * _scale;
}
