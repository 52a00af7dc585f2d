using DistillSharp.Configuration;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>What methods share that put layers of the student beside layers of the teacher.</summary>
public abstract class LayerMethod : DistillationMethod
{
    private readonly LayerPairs _layers;
    private readonly double _labelWeight;

    private protected LayerMethod(OptionValues options, LayerPairs layers)
        : this(options, layers, options.Number("weight"))
    {
    }

    private protected LayerMethod(OptionValues options, LayerPairs layers, double weight)
    {
        MethodOptions.Require(MethodOptions.CheckWeight(weight));
        _layers = layers;
        Weight = weight;
        _labelWeight = options.Number("label-weight");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudentTaps => _layers.Student;

    /// <inheritdoc/>
    public override IReadOnlyList<string> TeacherTaps => _layers.Teacher;

    /// <summary>What the method's own term counts.</summary>
    private protected double Weight { get; }

    /// <summary>What the student's layers gave out, in the order of the pairs, with their graph.</summary>
    private protected Tensor[] Students(DistillationBatch batch) => [.. _layers.Student.Select(p => batch.StudentTaps[p])];

    /// <summary>What the teacher's layers gave out, in the order of the pairs, without graph.</summary>
    private protected Tensor[] Teachers(DistillationBatch batch) => [.. _layers.Teacher.Select(p => batch.TeacherTaps[p].Detach())];

    /// <summary>The cross-entropy with the labels, at its weight.</summary>
    private protected LossTerm Labels(DistillationBatch batch) => IndependentMethod.Labels(batch, _labelWeight);

    /// <summary>The cross-entropy with the labels, which does not count in the present stage.</summary>
    private protected static LossTerm LabelsUncounted(DistillationBatch batch) => IndependentMethod.Labels(batch, 0);

    /// <summary>The sum of the losses of pairs of layers.</summary>
    private protected static Tensor Sum(IEnumerable<Tensor> losses) => losses.Aggregate((sum, loss) => sum + loss);

    /// <summary>The state of what a method trains beside the student, under a prefix; nothing where there is none yet.</summary>
    private protected static IReadOnlyList<KeyValuePair<string, Tensor>> Named(string prefix, Module? module) =>
        module?.StateDict().Select(p => KeyValuePair.Create($"{prefix}.{p.Key}", p.Value)).ToList() ?? [];
}
