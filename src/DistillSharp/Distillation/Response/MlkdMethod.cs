using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Multi-level logit distillation: each image's distribution, the images' likeness to each other and the classes' likeness to each
/// other follow the teacher's, at several temperatures (Jin, Wang, Lin, "Multi-level Logit Distillation", CVPR 2023).
/// </summary>
/// <remarks>
/// The instance level has the factor T² of Hinton et al., as the authors' code has. That code also means to leave out images and classes
/// of which the teacher is sure, but multiplies its masks with losses that are already means: all images count, each by the masks' mean.
/// Here masks, where asked for, meet images and classes before anything is summed.
/// </remarks>
public sealed class MlkdMethod : DistillationMethod
{
    private readonly double _weight;
    private readonly double _labelWeight;
    private readonly double[] _temperatures;
    private readonly bool _unsureOnly;

    private MlkdMethod(OptionValues options)
    {
        MethodOptions.Require(Check(options));
        _weight = options.Number("weight");
        _labelWeight = options.Number("label-weight");
        _temperatures = [.. options.Numbers("temperatures")];
        _unsureOnly = options.Text("images") == "unsure";
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = new(
        "mlkd",
        "Multi-level logit distillation",
        "Jin, Wang, Lin: Multi-Level Logit Distillation. CVPR",
        2023,
        "teacher logits, labels",
        "label-weight · CE(student, labels) + weight · sum over T of (T² · KL(p ‖ q) + |P Pᵀ - Q Qᵀ|² / images + |Pᵀ P - Qᵀ Q|² / classes), P and Q the batch's probabilities of teacher and student at T",
        NeedsTeacher: true,
        [
            new OptionSpec("temperatures", OptionKind.NumberList, new[] { 2.0, 3, 4, 5, 6 }, "The temperatures T at which predictions are compared (the paper's prediction augmentation)", Minimum: 0.01, Maximum: 1000),
            new OptionSpec("images", OptionKind.Text, "all", "Which images and classes count: all as the paper states, or only the half of which the teacher is least sure, as the authors' code means to", Choices: ["all", "unsure"]),
            MethodOptions.Weight(0.9),
            MethodOptions.LabelWeight(0.1),
        ],
        (options, _) => new MlkdMethod(options),
        (options, _, _, _) => Check(options));

    /// <summary>The three levels at all temperatures.</summary>
    /// <param name="studentLogits"><c>[B, classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[B, classes]</c>; no gradient goes into them.</param>
    /// <param name="temperatures">T, each above 0; losses are summed over them.</param>
    /// <param name="standardize">Whether the instance level takes Z-scores of the logits, as Sun et al. (2024) do.</param>
    /// <param name="imageMask">1 for each image that counts at the instance and batch levels, else 0, <c>[B]</c>; null for all. Sums are still divided by B.</param>
    /// <param name="classMask">1 for each class that counts at the class level, else 0, <c>[classes]</c>; null for all. Sums are still divided by their number.</param>
    public static MlkdLoss Loss(
        Tensor studentLogits,
        Tensor teacherLogits,
        IReadOnlyList<double> temperatures,
        bool standardize = false,
        Tensor? imageMask = null,
        Tensor? classMask = null)
    {
        Tensor teacherFixed = teacherLogits.Detach();
        Tensor student = standardize ? LogitTensors.Standardize(studentLogits) : studentLogits;
        Tensor teacher = standardize ? LogitTensors.Standardize(teacherFixed) : teacherFixed;
        MlkdLoss? sum = null;
        foreach (double temperature in temperatures)
        {
            Tensor p = (teacherFixed / temperature).Softmax(1);
            Tensor softened = studentLogits / temperature;
            Tensor q = softened.Softmax(1);
            Tensor instance = standardize
                ? Instance((student / temperature).LogSoftmax(1), (teacher / temperature).Softmax(1), imageMask)
                : Instance(softened.LogSoftmax(1), p, imageMask);
            instance *= temperature * temperature;
            var level = new MlkdLoss(instance, GramLoss(q, p, imageMask), GramLoss(q.T(), p.T(), classMask));
            sum = sum is null ? level : new MlkdLoss(sum.Instance + level.Instance, sum.Batch + level.Batch, sum.Class + level.Class);
        }

        return sum ?? throw new ArgumentException("Multi-level distillation needs a temperature.", nameof(temperatures));
    }

    /// <summary>|P Pᵀ - Q Qᵀ|² / B: how alike the images of a batch are, in the student's and the teacher's eyes.</summary>
    /// <param name="studentLogits"><c>[B, classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[B, classes]</c>; no gradient goes into them.</param>
    /// <param name="temperature">T, above 0.</param>
    public static Tensor BatchLoss(Tensor studentLogits, Tensor teacherLogits, double temperature) =>
        GramLoss((studentLogits / temperature).Softmax(1), (teacherLogits.Detach() / temperature).Softmax(1), null);

    /// <summary>|Pᵀ P - Qᵀ Q|² / classes: how alike classes are over a batch.</summary>
    /// <param name="studentLogits"><c>[B, classes]</c>, with graph.</param>
    /// <param name="teacherLogits"><c>[B, classes]</c>; no gradient goes into them.</param>
    /// <param name="temperature">T, above 0.</param>
    public static Tensor ClassLoss(Tensor studentLogits, Tensor teacherLogits, double temperature) =>
        GramLoss((studentLogits / temperature).Softmax(1).T(), (teacherLogits.Detach() / temperature).Softmax(1).T(), null);

    /// <summary>
    /// The images, and the classes, of which the teacher is least sure: 1 where the largest probability of an image, or the sum of a class's
    /// probabilities over the batch, is at most the median, else 0.
    /// </summary>
    /// <param name="teacherLogits"><c>[B, classes]</c>.</param>
    public static (Tensor Images, Tensor Classes) UnsureMasks(Tensor teacherLogits)
    {
        Tensor probabilities = teacherLogits.Detach().Softmax(1);
        return (AtMostMedian(probabilities.Amax([1])), AtMostMedian(probabilities.Sum(0)));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Compute(DistillationBatch batch)
    {
        (Tensor Images, Tensor Classes)? masks = _unsureOnly ? UnsureMasks(batch.TeacherLogits!) : null;
        MlkdLoss loss = Loss(batch.StudentLogits, batch.TeacherLogits!, _temperatures, imageMask: masks?.Images, classMask: masks?.Classes);
        return
        [
            IndependentMethod.Labels(batch, _labelWeight),
            new("instance", loss.Instance, _weight),
            new("batch", loss.Batch, _weight),
            new("class", loss.Class, _weight),
        ];
    }

    // KL(teacher ‖ student), meant over the images.
    private static Tensor Instance(Tensor studentLog, Tensor teacher, Tensor? mask)
    {
        const int NoReduction = 0;
        const int ReductionSum = 2;
        Tensor sum = mask is null ? studentLog.KlDiv(teacher, ReductionSum) : (studentLog.KlDiv(teacher, NoReduction).Sum(1) * mask).Sum();
        return sum / studentLog.Size(0);
    }

    // Rows are what is compared; each of their products with all rows counts, or none.
    private static Tensor GramLoss(Tensor student, Tensor teacher, Tensor? mask)
    {
        const int ReductionSum = 2;
        Tensor own = TensorForms.Products(student, symmetric: mask is null), teachers = teacher.Mm(teacher.T());
        Tensor sum = mask is null ? own.MseLoss(teachers, ReductionSum) : ((own - teachers).Square() * mask).Sum();
        return sum / student.Size(0);
    }

    private static Tensor AtMostMedian(Tensor values)
    {
        long count = values.Size(0);
        Tensor sorted = values.Sort().Item1;
        Tensor median = (sorted.Select(0, (count - 1) / 2) + sorted.Select(0, count / 2)) / 2;
        return values.Le(median).To(values.DType);
    }

    private static string? Check(OptionValues options) => MethodOptions.CheckWeight(options)
        ?? (options.Numbers("temperatures").Count > 0 ? null : "The option 'temperatures' is empty. Give it one temperature or more, e.g. [2, 3, 4, 5, 6].");
}
