using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Logits as Z-scores: the student follows the teacher's ranking and spacing, and is free in scale
/// (Sun, Ren, Li, Wang, Cao, "Logit Standardization in Knowledge Distillation", CVPR 2024).
/// </summary>
public sealed class LogitStandardizationMethod : ResponseMethod
{
    private readonly string _base;
    private readonly double _temperature;
    private readonly double _otherWeight;
    private readonly int _warmUp;

    private LogitStandardizationMethod(OptionValues options, LayerDefaults layers)
        : base("logit-standardization", options)
    {
        _base = options.Text("base");
        _temperature = options.Number("temperature");
        _otherWeight = DkdMethod.Published.For(layers.Teacher.Model, layers.Student.Model);
        _warmUp = _base == "dkd" ? options.Has("warm-up") ? options.Integer("warm-up") : 20 : 0;
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "logit-standardization",
        "Logit standardisation",
        "Sun, Ren, Li, Wang, Cao: Logit Standardization in Knowledge Distillation. CVPR",
        2024,
        "teacher logits, labels",
        "label-weight · CE(student, labels) + weight · T² · KL(softmax(Z(teacher)/T) ‖ softmax(Z(student)/T)), Z(x) = (x - mean(x)) / deviation(x) over the classes",
        NeedsTeacher: true,
        [
            new OptionSpec("base", OptionKind.Text, "kl", "Which method gets standardised logits: kl, dkd (weights 1 and as published for the pair), or mlkd (its instance level, with T in the place of 4)", Choices: ["kl", "dkd", "mlkd"]),
            MethodOptions.Temperature(2),
            MethodOptions.Weight(9),
            MethodOptions.LabelWeight(0.1),
            new OptionSpec("warm-up", OptionKind.Integer, null, "With base dkd, over how many epochs the term's weight grows evenly to its full size, 0 for none; 20 where left out", Minimum: 0, Maximum: 100_000),
        ],
        (options, layers) => new LogitStandardizationMethod(options, layers),
        (options, _, _, _) => MethodOptions.CheckWeight(options))
    {
        NeedsLabelsWhere = options => options.Text("base") == "dkd",
    };

    /// <summary>T² · KL(softmax(Z(teacher)/T) ‖ softmax(Z(student)/T)), in nats: summed over classes, meant over all other dimensions.</summary>
    /// <param name="studentLogits"><c>[..., classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[..., classes]</c>; no gradient goes into them.</param>
    /// <param name="temperature">T, above 0.</param>
    /// <param name="epsilon">What is added to the deviations.</param>
    /// <param name="unbiased">True divides squares by classes - 1, as the authors' code does; false by classes, as the paper says.</param>
    public static Tensor Loss(
        Tensor studentLogits, Tensor teacherLogits, double temperature, double epsilon = LogitTensors.StandardizeEpsilon, bool unbiased = true) =>
        KlMethod.Loss(
            LogitTensors.Standardize(studentLogits, epsilon, unbiased),
            LogitTensors.Standardize(teacherLogits.Detach(), epsilon, unbiased),
            temperature);

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch)
    {
        Tensor student = batch.StudentLogits, teacher = batch.TeacherLogits!;
        return _base switch
        {
            "dkd" when batch.HasUnlabelled => throw new InvalidOperationException(
                "Decoupled distillation needs the label of every image, and this run has images without one. Give 'logit-standardization' the base 'kl' or 'mlkd'."),
            "dkd" => DkdMethod.Loss(LogitTensors.Standardize(student), LogitTensors.Standardize(teacher.Detach()), batch.Targets, 1, _otherWeight, _temperature),
            "mlkd" => MlkdMethod.Loss(student, teacher, [_temperature, 2, 3, 5, 6], standardize: true).Sum,
            _ => Loss(student, teacher, _temperature),
        };
    }

    /// <inheritdoc/>
    protected override double Factor(int epoch) => MethodOptions.WarmUpFactor(epoch, _warmUp);
}
