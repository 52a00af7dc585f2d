using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// No teacher: soft labels that are the true class under noise, drawn anew for every batch (Ojha et al. 2023, supplement 11.2).
/// The control of what soft labels do that carry nothing of any teacher.
/// </summary>
/// <remarks>
/// The paper gives the noise and the temperature of the pseudo-teacher and not how its student is softened. The labels are a
/// distribution already, so the student stays at temperature 1 here.
/// </remarks>
public sealed class NoisyOneHotMethod : ResponseMethod
{
    private readonly double _variance;
    private readonly double _temperature;

    private NoisyOneHotMethod(OptionValues options)
        : base("noisy-one-hot", options)
    {
        _variance = options.Number("noise-variance");
        _temperature = options.Number("label-temperature");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "noisy-one-hot",
        "Noisy one-hot labels",
        "Ojha, Li, Sundara Rajan, Liang, Lee: What Knowledge Gets Distilled in Knowledge Distillation? NeurIPS",
        2023,
        "labels",
        "label-weight · CE(student, labels) + weight · KL(softmax((one-hot + n)/t) ‖ softmax(student)), n normal with mean 0, of its own for every image and class and drawn anew for every batch",
        NeedsTeacher: false,
        [
            new OptionSpec("noise-variance", OptionKind.Number, 0.2, "The variance of the noise n; 0 for none", Minimum: 0, Maximum: 100),
            new OptionSpec("label-temperature", OptionKind.Number, 0.15, "t, what the noisy labels are divided by before their softmax; larger is softer", Minimum: 0.01, Maximum: 1000),
            MethodOptions.Weight(0.5),
            MethodOptions.LabelWeight(0.5),
        ],
        (options, _) => new NoisyOneHotMethod(options),
        (options, _, _, _) => MethodOptions.CheckWeight(options))
    {
        NeedsLabels = true,
    };

    /// <inheritdoc/>
    public override bool NeedsTeacher => false;

    /// <summary>softmax((one-hot + n)/t): the pseudo-teacher's probabilities <c>[B, classes]</c>, without graph.</summary>
    /// <param name="like">Gives shape, type and device, <c>[B, classes]</c>.</param>
    /// <param name="targets">The true classes, Int64 <c>[B]</c>.</param>
    /// <param name="variance">The variance of n, at or above 0.</param>
    /// <param name="temperature">t, above 0.</param>
    /// <param name="generator">Where n is drawn.</param>
    public static Tensor Labels(Tensor like, Tensor targets, double variance, double temperature, Generator generator)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        Tensor noise = Operators.Empty(like.Shape, DType.Float32, generator.Device).NormalInPlace(0, Math.Sqrt(variance), generator).To(like.DType, like.Device);
        return ((noise + targets.OneHot(like.Size(1)).To(like.DType)) / temperature).Softmax(1);
    }

    /// <summary>KL(labels ‖ softmax(student)), in nats: summed over classes, meant over the examples.</summary>
    /// <param name="studentLogits"><c>[B, classes]</c>, with graph.</param>
    /// <param name="labels">Probabilities <c>[B, classes]</c>; no gradient goes into them.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor labels)
    {
        const long ReductionSum = 2;
        return studentLogits.LogSoftmax(1).KlDiv(labels.Detach(), ReductionSum) / studentLogits.Size(0);
    }

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch) =>
        Loss(batch.StudentLogits, Labels(batch.StudentLogits, batch.Targets, _variance, _temperature, batch.Generator));
}
