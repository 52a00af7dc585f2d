using DistillSharp.Distillation;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Training;

/// <summary>A method that tells of every batch before it is learnt from, and may weigh its loss otherwise.</summary>
internal sealed class SpyMethod(DistillationMethod inner, Action<DistillationBatch>? seen = null, double weight = 1) : DistillationMethod
{
    public override bool NeedsTeacher => inner.NeedsTeacher;

    public override IReadOnlyList<string> StudentTaps => inner.StudentTaps;

    public override IReadOnlyList<string> TeacherTaps => inner.TeacherTaps;

    public override IReadOnlyList<Tensor> Parameters => inner.Parameters;

    public override void Build(DistillationBatch sample, MethodSetup setup) => inner.Build(sample, setup);

    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch)
    {
        seen?.Invoke(batch);
        return [.. inner.Compute(batch).Select(t => t with { Weight = t.Weight * weight })];
    }

    public override IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() => inner.StateDict();

    protected override void OnStateLoaded() => inner.LoadState(inner.StateDict().ToDictionary(p => p.Key, p => p.Value.Clone()));

    protected override void Dispose(bool disposing) => inner.Dispose();
}
