using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>KD-pt and KD-rel together: how sure the teacher is of the true class, and which classes are related (Tang et al. 2020).</summary>
public sealed class KdPtRelMethod : PartialMethod
{
    private readonly ClassRelations _relations;
    private Tensor? _table;

    private KdPtRelMethod(OptionValues options)
        : base(options) => _relations = new ClassRelations(options);

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = PartialOptions.Describe(
        "kd-pt-rel",
        "Partial teacher: confidence and relations (KD-pt+rel)",
        "teacher logits, groups of classes or the teacher's class weights, labels",
        "p(true) at the true class, (1 - p(true)) shared among the others by their relation to it",
        PartialOptions.Relations,
        options => new KdPtRelMethod(options),
        PartialOptions.CheckSuperclasses);

    /// <inheritdoc/>
    protected override void Prepare(TeacherSurvey? survey, DistillationBatch sample, MethodSetup setup) =>
        _table = Keep("relations", _relations.Table(setup), sample);

    /// <inheritdoc/>
    protected override Tensor Target(Tensor teacherLogits, Tensor targets, Tensor indices, Generator generator) =>
        PartialTargets.RelatedRest(TrueProbabilities(teacherLogits, targets), targets, _table!);
}
