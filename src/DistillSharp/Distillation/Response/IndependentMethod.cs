using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>No teacher: cross-entropy with the labels. The control of every study.</summary>
public sealed class IndependentMethod : DistillationMethod
{
    private const int ReductionSum = 2;

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "independent",
        "Independent student",
        "The control of every study: the same network and budget, trained without a teacher",
        0,
        "labels",
        "CE(student, labels)",
        NeedsTeacher: false,
        [],
        (_, _) => new IndependentMethod());

    /// <inheritdoc/>
    public override bool NeedsTeacher => false;

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch) => [Labels(batch, 1)];

    /// <summary>
    /// The cross-entropy with the labels, meant over the batch's labelled images, as a term that other methods add too. A batch without
    /// any label gives 0.
    /// </summary>
    internal static LossTerm Labels(DistillationBatch batch, double weight)
    {
        if (!batch.HasUnlabelled)
        {
            return new LossTerm("labels", batch.StudentLogits.CrossEntropyLoss(batch.Targets), weight);
        }

        Tensor labelled = batch.Targets.Ne(DistillationBatch.NoLabel).Sum().To(batch.StudentLogits.DType);
        return new LossTerm("labels", batch.StudentLogits.CrossEntropyLoss(batch.Targets, reduction: ReductionSum) / labelled.Clamp(1.0), weight);
    }
}
