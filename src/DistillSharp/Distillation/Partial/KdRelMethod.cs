using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>KD-rel: only which classes are related, the same for every image of a class (Tang et al. 2020, domain knowledge).</summary>
public sealed class KdRelMethod : PartialMethod
{
    private readonly ClassRelations _relations;
    private Tensor? _table;
    private Tensor? _confidence;

    private KdRelMethod(OptionValues options)
        : base(options) => _relations = new ClassRelations(options);

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = PartialOptions.Describe(
        "kd-rel",
        "Partial teacher: relations of classes (KD-rel)",
        "the teacher's answers to all training images, groups of classes or the teacher's class weights, labels",
        "m at the true class, (1 - m) shared among the others by their relation to it, m = the mean of p(true) over the training images",
        PartialOptions.Relations,
        options => new KdRelMethod(options),
        PartialOptions.CheckSuperclasses);

    /// <inheritdoc/>
    protected override bool NeedsSurvey => true;

    /// <inheritdoc/>
    protected override void Prepare(TeacherSurvey? survey, DistillationBatch sample, MethodSetup setup)
    {
        _table = Keep("relations", _relations.Table(setup), sample);
        _confidence = Keep("confidence", MeanConfidence(survey!), sample);
    }

    /// <inheritdoc/>
    protected override Tensor Target(Tensor teacherLogits, Tensor targets, Tensor indices, Generator generator) =>
        PartialTargets.RelatedRest(_confidence!.Expand([targets.Size(0)]), targets, _table!);
}
