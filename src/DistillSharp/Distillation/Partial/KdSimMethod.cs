using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>KD-sim: how like each other the teacher's class weights are; the teacher itself is not asked (Tang et al. 2020, first version).</summary>
public sealed class KdSimMethod : PartialMethod
{
    private readonly double _alpha;
    private readonly double _beta;
    private Tensor? _table;

    private KdSimMethod(OptionValues options)
        : base(options)
    {
        _alpha = options.Number("similarity-temperature");
        _beta = options.Number("similarity-power");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = PartialOptions.Describe(
        "kd-sim",
        "Partial teacher: likeness of class weights (KD-sim)",
        "the teacher's class weights, labels",
        "row of the true class in softmax((W Wᵀ / similarity-temperature)^similarity-power), W the teacher's class weights divided by their lengths; teacher-temperature is not used",
        PartialOptions.Similarity,
        options => new KdSimMethod(options));

    /// <inheritdoc/>
    protected override void Prepare(TeacherSurvey? survey, DistillationBatch sample, MethodSetup setup) =>
        _table = Keep("similarities", PartialTargets.Similarities(ClassRelations.Weights(setup), _alpha, _beta), sample);

    /// <inheritdoc/>
    protected override Tensor Target(Tensor teacherLogits, Tensor targets, Tensor indices, Generator generator) => _table!.IndexSelect(0, targets);
}
