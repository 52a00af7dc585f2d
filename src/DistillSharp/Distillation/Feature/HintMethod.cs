using DistillSharp.Configuration;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Hints: an adapted map of the student follows a map of the teacher
/// (Romero et al., "FitNets: Hints for Thin Deep Nets", ICLR 2015, equation 3). Hint and labels are learned together, not in two stages.
/// </summary>
public sealed class HintMethod : DistillationMethod
{
    private readonly string _studentLayer;
    private readonly string _teacherLayer;
    private readonly string _adapterKind;
    private readonly double _weight;
    private readonly double _labelWeight;
    private Module? _adapter;

    private HintMethod(OptionValues options, LayerDefaults layers)
    {
        MethodOptions.Require(MethodOptions.CheckWeight(options));
        (_studentLayer, _teacherLayer) = Layers(options, layers);
        _adapterKind = options.Text("adapter");
        _weight = options.Number("weight");
        _labelWeight = options.Number("label-weight");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "hint",
        "Hints (FitNets)",
        "Romero, Ballas, Kahou, Chassang, Gatta, Bengio: FitNets: Hints for Thin Deep Nets. ICLR",
        2015,
        "a map of the student and of the teacher, labels",
        "label-weight · CE(student, labels) + weight · mean((adapter(student map) - teacher map)²)",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(100),
            MethodOptions.LabelWeight(1),
            MethodOptions.StudentLayer("the network's middle map"),
            MethodOptions.TeacherLayer("the network's middle map"),
            new OptionSpec(
                "adapter",
                OptionKind.Text,
                "convolution",
                "What brings the student's map to the teacher's shape: a convolution that fits the size with batch norm and ReLU, a 1x1 convolution alone (a linear layer for vectors), or nothing",
                Choices: HintAdapter.Kinds),
        ],
        (options, layers) => new HintMethod(options, layers),
        Check);

    /// <inheritdoc/>
    public override IReadOnlyList<string> StudentTaps => [_studentLayer];

    /// <inheritdoc/>
    public override IReadOnlyList<string> TeacherTaps => [_teacherLayer];

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => _adapter?.Parameters() ?? [];

    /// <summary>The mean squared difference over all elements (the paper's equation 3 halves a sum; public implementations take the mean).</summary>
    /// <param name="student">The student's features, adapted: any shape, with graph.</param>
    /// <param name="teacher">The teacher's features of the same shape; no gradient goes into them.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor Loss(Tensor student, Tensor teacher) => student.Shape.SequenceEqual(teacher.Shape)
        ? student.MseLoss(teacher.Detach())
        : throw new ArgumentException($"A hint compares features of one shape; the student's are {student}, the teacher's {teacher}.", nameof(student));

    /// <inheritdoc/>
    public override void Build(DistillationBatch sample, MethodSetup setup)
    {
        Tensor student = sample.StudentTaps[_studentLayer];
        _adapter = HintAdapter.Create(_adapterKind, student.Shape.AsSpan(1), sample.TeacherTaps[_teacherLayer].Shape.AsSpan(1), setup.Generator)
            ?.To(student.DType, student.Device);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch)
    {
        Tensor student = batch.StudentTaps[_studentLayer];
        return
        [
            IndependentMethod.Labels(batch, _labelWeight),
            new("hint", Loss(_adapter?.Call(student) ?? student, batch.TeacherTaps[_teacherLayer]), _weight),
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() =>
        _adapter?.StateDict().Select(p => KeyValuePair.Create("adapter." + p.Key, p.Value)).ToList() ?? [];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _adapter?.Dispose();

    private static (string Student, string Teacher) Layers(OptionValues options, LayerDefaults layers) =>
        (MethodOptions.Layer(options, "student-layer", layers.Student.Hint), MethodOptions.Layer(options, "teacher-layer", layers.Teacher.Hint));

    private static string? Check(
        OptionValues options,
        LayerDefaults layers,
        IReadOnlyDictionary<string, long[]> studentShapes,
        IReadOnlyDictionary<string, long[]> teacherShapes)
    {
        (string student, string teacher) = Layers(options, layers);
        return MethodOptions.CheckWeight(options)
            ?? MethodOptions.CheckLayer("student", student, studentShapes)
            ?? MethodOptions.CheckLayer("teacher", teacher, teacherShapes)
            ?? MethodOptions.CheckLabelWeight(options, student, studentShapes)
            ?? HintAdapter.Check(options.Text("adapter"), studentShapes[student], teacherShapes[teacher]);
    }
}
