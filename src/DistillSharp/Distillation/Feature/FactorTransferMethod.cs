using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Factors: a paraphraser learns, without labels, to say the teacher's map in fewer channels, and a translator brings the student's map to
/// say the same (Kim, Park, Kwak, "Paraphrasing Complex Network: Network Compression via Factor Transfer", NeurIPS 2018). In an
/// initial stage the paraphraser learns, while the student learns from the labels; then it is frozen, and its factors are taught.
/// </summary>
public sealed class FactorTransferMethod : LayerMethod
{
    private readonly InitialStage _stage;
    private readonly double _ratio;
    private readonly double _power;
    private readonly double _norm;
    private LeakyConvolutions? _encoder;
    private LeakyConvolutions? _decoder;
    private LeakyConvolutions? _translator;

    private FactorTransferMethod(OptionValues options, LayerDefaults layers)
        : base(options, Pairs(options, layers))
    {
        MethodOptions.Require(CheckStage(options));
        _stage = new InitialStage(options.Number("initial-share"), fewest: 1);
        _ratio = options.Number("ratio");
        _power = options.Integer("power");
        _norm = options.Integer("norm");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "factor-transfer",
        "Factor transfer",
        "Kim, Park, Kwak: Paraphrasing Complex Network: Network Compression via Factor Transfer. NeurIPS",
        2018,
        "a map of the student and of the teacher, labels",
        "initial stage: label-weight · CE(student, labels) + mean((decoder(encoder(teacher)) - teacher)²); then label-weight · CE(student, labels) + weight · mean(|factor(translator(student)) - factor(encoder(teacher))|^norm)",
        NeedsTeacher: true,
        [
            MethodOptions.Weight(200),
            MethodOptions.LabelWeight(1),
            MethodOptions.StudentLayer("the last map"),
            MethodOptions.TeacherLayer("the last map"),
            new OptionSpec("ratio", OptionKind.Number, 0.5, "k, how many channels factors have for each of the teacher's", Minimum: 0.01, Maximum: 4),
            new OptionSpec("power", OptionKind.Integer, 2L, "To which power factors are raised before channels are averaged", Minimum: 1, Maximum: 8),
            new OptionSpec("norm", OptionKind.Integer, 1L, "To which power differences of factors are raised", Minimum: 1, Maximum: 8),
            MethodOptions.InitialShare(0.125),
        ],
        (options, layers) => new FactorTransferMethod(options, layers),
        Check);

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters =>
        _translator is null ? [] : [.. _translator.Parameters(), .. _encoder!.Parameters(), .. _decoder!.Parameters()];

    /// <summary>
    /// The mean of |factor(student) - factor(teacher)|^norm (in the form that public implementations share: channels' powers are
    /// averaged and brought to unit length over the pixels). The larger map is averaged down.
    /// </summary>
    /// <param name="student">The student's translated factors <c>[B, C, H, W]</c>, with graph.</param>
    /// <param name="teacher">The teacher's paraphrased factors <c>[B, C', H', W']</c>; no gradient goes into them.</param>
    /// <param name="power">To which power factors are raised before channels are averaged.</param>
    /// <param name="norm">To which power differences are raised; 1 takes their size.</param>
    public static Tensor Loss(Tensor student, Tensor teacher, double power, double norm)
    {
        (Tensor s, Tensor t) = TensorForms.ToSmaller(student, teacher.Detach());
        Tensor difference = AttentionTransferMethod.Attention(s, power) - AttentionTransferMethod.Attention(t, power);
        return (norm == 1 ? difference.Abs() : difference.Pow(norm)).Mean();
    }

    /// <inheritdoc/>
    public override void Build(DistillationBatch sample, MethodSetup setup)
    {
        _stage.Plan(setup);
        long student = Students(sample)[0].Size(1), teacher = Teachers(sample)[0].Size(1);
        long factors = Math.Max(1, (long)(teacher * _ratio));
        _translator = new LeakyConvolutions([student, student, factors, factors], transposed: false, norm: true, setup.Generator);
        _encoder = new LeakyConvolutions([teacher, teacher, factors, factors], transposed: false, norm: false, setup.Generator);
        _decoder = new LeakyConvolutions([factors, factors, teacher, teacher], transposed: true, norm: false, setup.Generator);
        foreach (LeakyConvolutions module in (LeakyConvolutions[])[_translator, _encoder, _decoder])
        {
            module.To(sample.StudentLogits.DType, sample.StudentLogits.Device);
        }
    }

    /// <summary>The terms: labels, what the paraphraser learns (0 once it is frozen), and the factors.</summary>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch)
    {
        bool initial = _stage.Covers(batch);
        Tensor teacher = Teachers(batch)[0];
        Tensor factors = initial ? _encoder!.Call(teacher) : Frozen(teacher);
        return
        [
            Labels(batch),
            new("paraphrase", initial ? _decoder!.Call(factors).MseLoss(teacher) : TensorForms.Zero(teacher), initial ? 1 : 0),
            new("factor", Loss(_translator!.Call(Students(batch)[0]), factors, _power, _norm), initial ? 0 : Weight),
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() =>
        [.. Named("translator", _translator), .. Named("encoder", _encoder), .. Named("decoder", _decoder)];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _translator?.Dispose();
        _encoder?.Dispose();
        _decoder?.Dispose();
    }

    private Tensor Frozen(Tensor teacher)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        return _encoder!.Call(teacher);
    }

    private static LayerPairs Pairs(OptionValues options, LayerDefaults layers) =>
        LayerPairs.One(options, layers, network => LayerPairs.LastMap(network).FirstOrDefault(""));

    private static string? CheckStage(OptionValues options) => options.Number("initial-share") > 0
        ? null
        : "The option 'initial-share' is 0, so the paraphraser would never learn what it is to say. Give it a value above 0.";

    private static string? Check(
        OptionValues options,
        LayerDefaults layers,
        IReadOnlyDictionary<string, long[]> studentShapes,
        IReadOnlyDictionary<string, long[]> teacherShapes)
    {
        LayerPairs pairs = Pairs(options, layers);
        return MethodOptions.CheckWeight(options)
            ?? CheckStage(options)
            ?? pairs.Check(options, studentShapes, teacherShapes)
            ?? AttentionTransferMethod.CheckSizes(pairs, studentShapes, teacherShapes);
    }
}
