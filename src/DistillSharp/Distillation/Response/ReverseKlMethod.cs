using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// The divergence the other way round: the student is punished for probability where the teacher has none, and may leave out what it
/// cannot follow (Gu, Dong, Wei, Huang, "MiniLLM", ICLR 2024; here for classes, with Hinton's temperature).
/// </summary>
public sealed class ReverseKlMethod : ResponseMethod
{
    private readonly double _temperature;

    private ReverseKlMethod(OptionValues options)
        : base("reverse-kl", options) => _temperature = options.Number("temperature");

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "reverse-kl",
        "Reverse divergence",
        "Gu, Dong, Wei, Huang: MiniLLM: Knowledge Distillation of Large Language Models. ICLR",
        2024,
        "teacher logits, labels",
        "label-weight · CE(student, labels) + weight · T² · KL(softmax(student/T) ‖ softmax(teacher/T))",
        NeedsTeacher: true,
        [MethodOptions.Temperature(4), MethodOptions.Weight(0.9), MethodOptions.LabelWeight(0.1)],
        (options, _) => new ReverseKlMethod(options),
        (options, _, _, _) => MethodOptions.CheckWeight(options));

    /// <summary>T² · KL(softmax(student/T) ‖ softmax(teacher/T)), in nats: summed over classes, meant over all other dimensions.</summary>
    /// <param name="studentLogits"><c>[..., classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[..., classes]</c>; no gradient goes into them.</param>
    /// <param name="temperature">T, above 0.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor teacherLogits, double temperature)
    {
        // Written with logarithms on both sides: the gradient goes through both factors, and no probability of 0 is divided by.
        // Probabilities by their own softmax, not as the logarithms' exponential: libtorch wakes its threads for an exponential of
        // 2,048 numbers, which on a machine in use waits milliseconds for one of them.
        Tensor softened = studentLogits / temperature;
        Tensor student = softened.LogSoftmax(-1);
        Tensor teacher = (teacherLogits.Detach() / temperature).LogSoftmax(-1);
        double distributions = studentLogits.ElementCount / studentLogits.Size(-1);
        return (softened.Softmax(-1) * (student - teacher)).Sum() * (temperature * temperature / distributions);
    }

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch) => Loss(batch.StudentLogits, batch.TeacherLogits!, _temperature);
}
