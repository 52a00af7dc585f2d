using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Decoupled distillation: how likely the true class is, and how the other classes stand to each other, are weighed apart
/// (Zhao, Cui, Song, Qiu, Liang, "Decoupled Knowledge Distillation", CVPR 2022).
/// </summary>
public sealed class DkdMethod : ResponseMethod
{
    private readonly double _targetWeight;
    private readonly double _otherWeight;
    private readonly double _temperature;
    private readonly int _warmUp;

    private DkdMethod(OptionValues options, LayerDefaults layers)
        : base("dkd", options)
    {
        MethodOptions.Require(CheckWeights(options, layers));
        _targetWeight = options.Number("target-weight");
        _otherWeight = OtherWeight(options, layers);
        _temperature = options.Number("temperature");
        _warmUp = options.Integer("warm-up");
    }

    /// <summary>The weights of the other classes' term for pairs of networks, as published for CIFAR-100.</summary>
    public static PublishedWeights Published { get; } = new(
        "the configurations that the authors published for CIFAR-100",
        8,
        [
            new("resnet56", "resnet20", 2),
            new("resnet110", "resnet32", 2),
            new("vgg13", "vgg8", 6),
            new("vgg13", "MobileNetV2", 6),
            new("wrn_40_2", "wrn_16_2", 6),
            new("wrn_40_2", "wrn_40_1", 6),
        ]);

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "dkd",
        "Decoupled knowledge distillation",
        "Zhao, Cui, Song, Qiu, Liang: Decoupled Knowledge Distillation. CVPR",
        2022,
        "teacher logits, labels",
        "label-weight · CE(student, labels) + warm-up · T² · (target-weight · KL between (true class, all others) + non-target-weight · KL among the other classes), student and teacher softened by T",
        NeedsTeacher: true,
        [
            MethodOptions.Temperature(4),
            new OptionSpec("target-weight", OptionKind.Number, 1.0, "Alpha, what the divergence between the true class and all others together counts", Minimum: 0, Maximum: 1e6),
            new OptionSpec("non-target-weight", OptionKind.Number, null, $"Beta, what the divergence among the other classes counts; where left out, {Published.ToText()}", Minimum: 0, Maximum: 1e6),
            MethodOptions.LabelWeight(1),
            MethodOptions.WarmUp(20),
        ],
        (options, layers) => new DkdMethod(options, layers),
        (options, layers, _, _) => CheckWeights(options, layers))
    {
        NeedsLabels = true,
    };

    /// <summary>
    /// T² · (α · TCKD + β · NCKD), in nats, meant over the examples: TCKD is KL(b_teacher ‖ b_student) of the two probabilities (true class,
    /// all others together), NCKD is KL among the other classes, each softmax taken over them alone. TCKD + (1 - p_true) · NCKD is
    /// Hinton's divergence.
    /// </summary>
    /// <param name="studentLogits"><c>[B, classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[B, classes]</c>; no gradient goes into them.</param>
    /// <param name="targets">The true classes, Int64 <c>[B]</c>.</param>
    /// <param name="targetWeight">α.</param>
    /// <param name="otherWeight">β.</param>
    /// <param name="temperature">T, above 0.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor teacherLogits, Tensor targets, double targetWeight, double otherWeight, double temperature)
    {
        (Tensor target, Tensor other) = Parts(studentLogits, teacherLogits, targets, temperature);
        return (target * targetWeight) + (other * otherWeight);
    }

    /// <summary>T² · TCKD and T² · NCKD; see <see cref="Loss"/>.</summary>
    public static (Tensor Target, Tensor Other) Parts(Tensor studentLogits, Tensor teacherLogits, Tensor targets, double temperature)
    {
        Tensor own = targets.Unsqueeze(1);
        Tensor mask = LogitTensors.TargetMask(studentLogits, targets);
        (Tensor student, Tensor studentOthers) = Split(studentLogits / temperature, own, mask);
        (Tensor teacher, Tensor teacherOthers) = Split(teacherLogits.Detach() / temperature, own, mask);
        double scale = temperature * temperature;
        return (KlMethod.Loss(student, teacher, 1) * scale, KlMethod.Loss(studentOthers, teacherOthers, 1) * scale);
    }

    /// <summary>The weight of the other classes' term: the option's value, or what was published for the pair.</summary>
    internal static double OtherWeight(OptionValues options, LayerDefaults layers) => options.Has("non-target-weight")
        ? options.Number("non-target-weight")
        : Published.For(layers.Teacher.Model, layers.Student.Model);

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch) =>
        Loss(batch.StudentLogits, batch.TeacherLogits!, batch.Targets, _targetWeight, _otherWeight, _temperature);

    /// <inheritdoc/>
    protected override double Factor(int epoch) => MethodOptions.WarmUpFactor(epoch, _warmUp);

    // The log-sum-exp of all other logits is the logit of "another class": two logits whose softmax is (p_true, 1 - p_true), without a
    // subtraction from 1.
    private static (Tensor Binary, Tensor Others) Split(Tensor logits, Tensor own, Tensor mask)
    {
        Tensor others = LogitTensors.Exclude(logits, mask);
        return (Operators.Cat([logits.Gather(1, own), others.Logsumexp([1], keepdim: true)], 1), others);
    }

    private static string? CheckWeights(OptionValues options, LayerDefaults layers) =>
        options.Number("target-weight") > 0 || OtherWeight(options, layers) > 0
            ? null
            : "The options 'target-weight' and 'non-target-weight' are both 0, so the teacher would not count. Give one a value above 0, or use the method 'independent'.";
}
