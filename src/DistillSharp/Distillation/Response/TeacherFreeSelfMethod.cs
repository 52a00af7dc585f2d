using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// The student learns from a trained copy of itself (Yuan, Tay, Li, Wang, Feng, "Revisiting Knowledge Distillation via Label Smoothing
/// Regularization", CVPR 2020, Tf-KD self). The teacher of the run is that copy.
/// </summary>
public sealed class TeacherFreeSelfMethod : ResponseMethod
{
    private readonly double _temperature;
    private readonly double _scale;
    private readonly string _student;
    private readonly string _teacher;

    private TeacherFreeSelfMethod(OptionValues options, LayerDefaults layers)
        : base("self-teacher", options)
    {
        _temperature = options.Number("temperature");
        _scale = options.Boolean("scale-by-temperature") ? 1 : 1 / (_temperature * _temperature);
        (_student, _teacher) = (layers.Student.Model, layers.Teacher.Model);
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "teacher-free-self",
        "Teacher-free distillation from the student's own network (Tf-KD self)",
        "Yuan, Tay, Li, Wang, Feng: Revisiting Knowledge Distillation via Label Smoothing Regularization. CVPR",
        2020,
        "logits of a trained copy of the student's network, labels",
        "label-weight · CE(student, labels) + weight · T² · KL(softmax(teacher/T) ‖ softmax(student/T)), the teacher a trained copy of the student's network",
        NeedsTeacher: true,
        [
            MethodOptions.Temperature(20),
            MethodOptions.Weight(0.95),
            MethodOptions.LabelWeight(0.05),
            MethodOptions.ScaleByTemperature(true),
        ],
        (options, layers) => new TeacherFreeSelfMethod(options, layers),
        (options, _, _, _) => MethodOptions.CheckWeight(options));

    /// <summary>KL(softmax(teacher/T) ‖ softmax(student/T)) · T²: <see cref="KlMethod.Loss"/>.</summary>
    /// <param name="studentLogits"><c>[..., classes]</c>, with graph.</param>
    /// <param name="teacherLogits">The trained copy's, <c>[..., classes]</c>; no gradient goes into them.</param>
    /// <param name="temperature">T, above 0.</param>
    public static Tensor Loss(Tensor studentLogits, Tensor teacherLogits, double temperature) => KlMethod.Loss(studentLogits, teacherLogits, temperature);

    /// <inheritdoc/>
    public override void Build(DistillationBatch sample, MethodSetup setup)
    {
        if (_student != _teacher)
        {
            setup.Warn($"The method 'teacher-free-self' learns from a trained copy of the student's own network; the student is '{_student}', the teacher '{_teacher}'. With another network as the teacher this is the method 'kl'.");
        }
    }

    /// <inheritdoc/>
    protected override Tensor Term(DistillationBatch batch) => Loss(batch.StudentLogits, batch.TeacherLogits!, _temperature) * _scale;
}
