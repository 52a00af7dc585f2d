using DistillSharp.Distillation;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Training;

/// <summary>A method whose terms are what a test says, with one parameter of its own where wanted.</summary>
internal sealed class ScriptedMethod(Func<DistillationBatch, IReadOnlyList<LossTerm>> terms, Tensor? parameter = null) : DistillationMethod
{
    public override bool NeedsTeacher => false;

    public override IReadOnlyList<Tensor> Parameters => parameter is null ? [] : [parameter];

    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch) => terms(batch);

    public static LossTerm Labels(DistillationBatch batch, double weight = 1) => new("labels", batch.StudentLogits.CrossEntropyLoss(batch.Targets), weight);
}
