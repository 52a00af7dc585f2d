using DistillSharp.Configuration;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// A temperature that learns to make the task harder: it climbs the loss that the student descends, more and more over the first epochs
/// (Li et al., "Curriculum Temperature for Knowledge Distillation", AAAI 2023).
/// </summary>
public sealed class CurriculumTemperatureMethod : ResponseMethod
{
    private const long InstanceWidth = 256;

    private readonly bool _perInstance;
    private readonly double _lowest;
    private readonly double _range;
    private readonly double _strength;
    private readonly int _curriculumEpochs;
    private Module? _temperature;

    private CurriculumTemperatureMethod(OptionValues options)
        : base("kl", options)
    {
        _perInstance = options.Text("temperature") == "instance";
        _lowest = options.Number("lowest-temperature");
        _range = options.Number("temperature-range");
        _strength = options.Number("strength");
        _curriculumEpochs = options.Integer("curriculum-epochs");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "curriculum-temperature",
        "Curriculum temperature (CTKD)",
        "Li, Li, Yang, Zhao, Song, Luo, Li, Yang: Curriculum Temperature for Knowledge Distillation. AAAI",
        2023,
        "teacher logits, labels",
        "label-weight · CE(student, labels) + weight · T² · KL(softmax(teacher/T) ‖ softmax(student/T)), T = lowest-temperature + temperature-range · sigmoid(learned); the learned part gets the gradient times -lambda, lambda growing from 0 to strength along half a cosine",
        NeedsTeacher: true,
        [
            new OptionSpec("temperature", OptionKind.Text, "global", "What is learned: one temperature for all images, or one for each image out of both networks' probabilities", Choices: ["global", "instance"]),
            new OptionSpec("lowest-temperature", OptionKind.Number, 1.0, "The lowest T", Minimum: 0.01, Maximum: 1000),
            new OptionSpec("temperature-range", OptionKind.Number, 20.0, "How far above the lowest T may rise", Minimum: 0.01, Maximum: 1000),
            new OptionSpec("strength", OptionKind.Number, 1.0, "Lambda at the curriculum's end: how strongly the temperature works against the student; 0 keeps it as it is", Minimum: 0, Maximum: 1000),
            new OptionSpec("curriculum-epochs", OptionKind.Integer, 10L, "Over how many epochs lambda grows", Minimum: 1, Maximum: 100_000),
            MethodOptions.Weight(0.9),
            MethodOptions.LabelWeight(0.1),
        ],
        (options, _) => new CurriculumTemperatureMethod(options),
        (options, _, _, _) => MethodOptions.CheckWeight(options));

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => _temperature is null ? [] : [.. _temperature.Parameters()];

    /// <summary>T² · KL(softmax(teacher/T) ‖ softmax(student/T)) with a temperature that may be learned, in nats, meant over the examples.</summary>
    /// <param name="studentLogits"><c>[B, classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[B, classes]</c>; no gradient goes into them.</param>
    /// <param name="temperature">T, above 0: <c>[1, 1]</c>, or <c>[B, 1]</c> for one an example; its gradient goes through both softmaxes and T².</param>
    public static Tensor Loss(Tensor studentLogits, Tensor teacherLogits, Tensor temperature)
    {
        Tensor student = (studentLogits / temperature).LogSoftmax(1);
        Tensor softened = teacherLogits.Detach() / temperature;
        Tensor teacher = softened.LogSoftmax(1);
        Tensor divergence = (softened.Softmax(1) * (teacher - student)).Sum(1, keepdim: true);
        return (divergence * temperature.Square()).Mean();
    }

    /// <summary>The same value, whose gradient is multiplied by -λ on its way back (Ganin and Lempitsky, ICML 2015).</summary>
    /// <param name="value">Any tensor with graph.</param>
    /// <param name="strength">λ; 0 lets no gradient through.</param>
    public static Tensor ReverseGradient(Tensor value, double strength) => (value.Detach() * (1 + strength)) - (value * strength);

    /// <summary>λ in an epoch: from 0 to its full size along half a cosine, (1 - cos(π · (epoch + 1)/epochs))/2, as in the authors' code.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="epochs">Over how many epochs, 1 or more.</param>
    public static double Curriculum(int epoch, int epochs) => (1 - Math.Cos(Math.PI * Math.Min(1, (epoch + 1.0) / epochs))) / 2;

    /// <inheritdoc/>
    public override void Build(DistillationBatch sample, MethodSetup setup)
    {
        _temperature = _perInstance ? new InstanceTemperature(setup.Classes, InstanceWidth, setup.Generator) : new GlobalTemperature();
        _temperature.To(sample.StudentLogits.DType, sample.StudentLogits.Device);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() =>
        _temperature?.StateDict().Select(p => KeyValuePair.Create("temperature." + p.Key, p.Value)).ToList() ?? [];

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch)
    {
        Module temperature = _temperature ?? throw new InvalidOperationException("The temperature is not there yet: call Build before the first step.");
        Tensor learned = temperature.Call(_perInstance ? InstanceTemperature.Input(batch.StudentLogits, batch.TeacherLogits!) : batch.StudentLogits);
        Tensor reversed = ReverseGradient(learned, _strength * Curriculum(batch.Epoch, _curriculumEpochs));
        return Loss(batch.StudentLogits, batch.TeacherLogits!, _lowest + (reversed.Sigmoid() * _range));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _temperature?.Dispose();
}
