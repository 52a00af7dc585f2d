using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// No teacher: labels that give every class a little (Szegedy et al., "Rethinking the Inception Architecture", CVPR 2016, section 7).
/// The control of what soft labels do as mere smoothing.
/// </summary>
public sealed class LabelSmoothingMethod : DistillationMethod
{
    private readonly double _smoothing;

    private LabelSmoothingMethod(OptionValues options) => _smoothing = options.Number("smoothing");

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "label-smoothing",
        "Label smoothing",
        "Szegedy, Vanhoucke, Ioffe, Shlens, Wojna: Rethinking the Inception Architecture for Computer Vision. CVPR",
        2016,
        "labels",
        "CE(student, (1 - e) · label + e / classes)",
        NeedsTeacher: false,
        [new OptionSpec("smoothing", OptionKind.Number, 0.1, "e, the share of each label that is spread evenly over all classes", Minimum: 0, Maximum: 1)],
        (options, _) => new LabelSmoothingMethod(options))
    {
        NeedsLabels = true,
    };

    /// <inheritdoc/>
    public override bool NeedsTeacher => false;

    /// <summary>The cross-entropy with (1 - e) · label + e / classes, in nats, meant over the examples.</summary>
    /// <param name="studentLogits"><c>[B, classes]</c>, with graph.</param>
    /// <param name="targets">The true classes, Int64 <c>[B]</c>.</param>
    /// <param name="smoothing">e, from 0 to 1.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor targets, double smoothing) => studentLogits.CrossEntropyLoss(targets, labelSmoothing: smoothing);

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch) =>
        [new("smoothed-labels", Loss(batch.StudentLogits, batch.Targets, _smoothing), 1)];
}
