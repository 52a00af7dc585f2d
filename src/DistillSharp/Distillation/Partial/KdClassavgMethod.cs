using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>The control of knowledge of single images: every image gets the mean of the teacher's distributions over its class. What is learned from it is knowledge of classes alone.</summary>
public sealed class KdClassavgMethod : PartialMethod
{
    private Tensor? _table;

    private KdClassavgMethod(OptionValues options)
        : base(options)
    {
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = PartialOptions.Describe(
        "kd-classavg",
        "Control: the teacher's mean for each class (KD-classavg)",
        "the teacher's answers to all training images, labels",
        "the mean of p over the training images of the same class",
        [],
        options => new KdClassavgMethod(options),
        paper: PartialOptions.Control);

    /// <inheritdoc/>
    protected override bool NeedsSurvey => true;

    /// <inheritdoc/>
    protected override void Prepare(TeacherSurvey? survey, DistillationBatch sample, MethodSetup setup)
    {
        Tensor labelled = Labelled(survey!);
        Tensor probabilities = Probabilities(survey!.Logits.IndexSelect(0, labelled));
        _table = Keep("class_means", PartialTargets.ClassMeans(probabilities, survey.Labels.IndexSelect(0, labelled)), sample);
    }

    /// <inheritdoc/>
    protected override Tensor Target(Tensor teacherLogits, Tensor targets, Tensor indices, Generator generator) => _table!.IndexSelect(0, targets);
}
