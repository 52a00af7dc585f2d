using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// A method whose teacher is a target distribution with a part of the real teacher's knowledge:
/// label-weight · CE(student, labels) + weight · c · H(target, softmax(student/T)), c = 1 or T² (Tang et al. 2020).
/// </summary>
public abstract class PartialMethod : DistillationMethod
{
    private const int SurveySlice = 8192;

    private readonly double _weight;
    private readonly double _labelWeight;
    private readonly double _studentTemperature;
    private readonly double _scale;

    // What the method remembers: by name, out of every scope.
    private readonly List<KeyValuePair<string, Tensor>> _tables = [];

    /// <summary>Reads the options that all such methods share.</summary>
    /// <exception cref="ArgumentException">The weight is 0.</exception>
    protected PartialMethod(OptionValues options)
    {
        MethodOptions.Require(MethodOptions.CheckWeight(options));
        _weight = options.Number("weight");
        _labelWeight = options.Number("label-weight");
        TeacherTemperature = options.Number("teacher-temperature");
        _studentTemperature = options.Number("student-temperature");
        _scale = options.Boolean("scale-by-temperature") ? _studentTemperature * _studentTemperature : 1;
    }

    /// <summary>What softens the teacher before a part of it is taken.</summary>
    protected double TeacherTemperature { get; }

    /// <summary>True where the method cannot be built without the teacher's answers to all training images.</summary>
    protected virtual bool NeedsSurvey => false;

    /// <summary>H(target, softmax(student/T)), in nats, meant over the examples: <see cref="PartialTargets.CrossEntropy"/>.</summary>
    /// <param name="studentLogits"><c>[B, classes]</c>, with graph.</param>
    /// <param name="target">Distributions <c>[B, classes]</c> of <see cref="PartialTargets"/>; no gradient goes into them.</param>
    /// <param name="studentTemperature">T, above 0.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor target, double studentTemperature) =>
        PartialTargets.CrossEntropy(studentLogits, target, studentTemperature);

    /// <inheritdoc/>
    public sealed override void Build(DistillationBatch sample, MethodSetup setup)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        if (setup.Survey is null)
        {
            MethodOptions.Require(NeedsSurvey
                ? "The method needs the teacher's answers to all training images, and there is no teacher to ask. Give the run a teacher."
                : null);
            Prepare(null, sample, setup);
            return;
        }

        TeacherSurvey survey = setup.Survey();
        Prepare(survey, sample, setup);
        WarnOfMisleadingTargets(survey, setup);
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<LossTerm> Compute(DistillationBatch batch)
    {
        Tensor target;
        using (Autograd.NoGrad())
        {
            target = Target(batch.TeacherLogits!, batch.Targets, batch.SampleIndices, batch.Generator);
        }

        return
        [
            IndependentMethod.Labels(batch, _labelWeight),
            new("partial", Loss(batch.StudentLogits, target, _studentTemperature), _weight * _scale),
        ];
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() => _tables;

    /// <summary>The target distributions of a batch, <c>[B, classes]</c>, rows summing to 1.</summary>
    /// <param name="teacherLogits"><c>[B, classes]</c>, without graph.</param>
    /// <param name="targets">The true classes, Int64 <c>[B]</c>.</param>
    /// <param name="indices">Which training examples these are, Int64 <c>[B]</c>.</param>
    /// <param name="generator">Where random numbers come from.</param>
    protected abstract Tensor Target(Tensor teacherLogits, Tensor targets, Tensor indices, Generator generator);

    /// <summary>Makes the tables that <see cref="Target"/> looks up; called once, without gradients, in a scope of its own.</summary>
    /// <param name="survey">The teacher's answers to all training images; null where there are none and the method does without.</param>
    /// <param name="sample">A batch, for types and devices.</param>
    /// <param name="setup">What the run is like.</param>
    protected virtual void Prepare(TeacherSurvey? survey, DistillationBatch sample, MethodSetup setup)
    {
    }

    /// <summary>Keeps a table as part of the method's state, in the type and on the device of the student's logits.</summary>
    protected Tensor Keep(string name, Tensor table, DistillationBatch sample)
    {
        Tensor kept = table.Detach().To(sample.StudentLogits.DType, sample.StudentLogits.Device).Clone().Unscoped();
        _tables.Add(new(name, kept));
        return kept;
    }

    /// <summary>The teacher's probabilities at its temperature, <c>[B, classes]</c>.</summary>
    protected Tensor Probabilities(Tensor teacherLogits) => (teacherLogits.Detach() / TeacherTemperature).Softmax(1);

    /// <summary>The teacher's probability of the true class, <c>[B]</c>.</summary>
    protected Tensor TrueProbabilities(Tensor teacherLogits, Tensor targets) =>
        Probabilities(teacherLogits).Gather(1, targets.Unsqueeze(1)).Squeeze(1);

    /// <summary>The mean of the teacher's probability of the true class over the training images that have a label, <c>[1]</c>.</summary>
    protected Tensor MeanConfidence(TeacherSurvey survey)
    {
        Tensor labelled = Labelled(survey);
        return TrueProbabilities(survey.Logits.IndexSelect(0, labelled), survey.Labels.IndexSelect(0, labelled)).Mean().View([1]);
    }

    /// <summary>The survey's images that have a label: their numbers, Int64 <c>[N]</c>.</summary>
    /// <exception cref="ArgumentException">No image has one.</exception>
    protected static Tensor Labelled(TeacherSurvey survey)
    {
        Tensor labelled = survey.Labels.Ge(0L).Nonzero().Squeeze(1);
        return labelled.Size(0) > 0 ? labelled : throw new ArgumentException("No training image has a label; the method needs labels.", nameof(survey));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach ((_, Tensor table) in _tables)
        {
            table.Dispose();
        }
    }

    private void WarnOfMisleadingTargets(TeacherSurvey survey, MethodSetup setup)
    {
        Tensor all = Labelled(survey);
        long count = all.Size(0);
        double misled = 0;
        for (long start = 0; start < count; start += SurveySlice)
        {
            using var scope = new TensorScope();
            Tensor indices = all.Rows(start, Math.Min(count, start + SurveySlice));
            Tensor logits = survey.Logits.IndexSelect(0, indices);
            Tensor labels = survey.Labels.IndexSelect(0, indices);
            Tensor target = Target(logits, labels, indices, setup.Generator);
            misled += PartialTargets.MisledShare(target, labels, _weight, _labelWeight).Item() * indices.Size(0);
        }

        if (misled > 0)
        {
            setup.Warn(FormattableString.Invariant(
                $"In {misled / count:P1} of the training images the true class is not the largest of label-weight · label + weight · target: there the student is taught to be wrong. Give 'weight' a lower value, or 'teacher-temperature'."));
        }
    }
}
