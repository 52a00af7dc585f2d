using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// One embedding of every training example for each network, renewed as examples come by, with the constants that normalise scores
/// (Tian et al. 2020, section 3.4; Wu et al., CVPR 2018).
/// </summary>
public sealed class ContrastiveMemory : IDisposable
{
    private readonly double _temperature;
    private readonly double _momentum;
    private readonly double _epsilon;

    // Above 0 once set. Kept beside the tensors that are saved, so that a step reads no memory of a device.
    private double _studentNormalizer = -1;
    private double _teacherNormalizer = -1;

    /// <summary>Makes banks uniform in ±1/sqrt(dimension/3): rows of length about 1.</summary>
    /// <param name="examples">How many training examples there are.</param>
    /// <param name="dimension">Size of the embeddings.</param>
    /// <param name="temperature">What scores are divided by, above 0.</param>
    /// <param name="momentum">How much of an entry stays when it is renewed, from 0 to 1.</param>
    /// <param name="generator">Where the first entries come from.</param>
    public ContrastiveMemory(long examples, long dimension, double temperature, double momentum, Generator generator)
        : this(RandomBank(examples, dimension, generator), RandomBank(examples, dimension, generator), temperature, momentum)
    {
    }

    /// <summary>Takes over banks <c>[examples, dimension]</c>: the student's, then the teacher's.</summary>
    public ContrastiveMemory(
        Tensor studentBank, Tensor teacherBank, double temperature, double momentum, double epsilon = ContrastiveLoss.DefaultEpsilon)
    {
        StudentBank = studentBank.Unscoped();
        TeacherBank = teacherBank.Unscoped();
        StudentConstant = Tensor.Of(-1, DType.Float64).Unscoped();
        TeacherConstant = Tensor.Of(-1, DType.Float64).Unscoped();
        _temperature = temperature;
        _momentum = momentum;
        _epsilon = epsilon;
    }

    /// <summary>The student's embeddings <c>[examples, dimension]</c>; the teacher's anchors are scored against them.</summary>
    public Tensor StudentBank { get; private set; }

    /// <summary>The teacher's embeddings <c>[examples, dimension]</c>; the student's anchors are scored against them.</summary>
    public Tensor TeacherBank { get; private set; }

    /// <summary>Z of the student's anchors, Float64 scalar; -1 until the first batch sets it for good.</summary>
    public Tensor StudentConstant { get; }

    /// <summary>Z of the teacher's anchors, Float64 scalar; -1 until the first batch sets it for good.</summary>
    public Tensor TeacherConstant { get; }

    /// <summary>Draws negatives uniformly over all examples, with replacement: Int64 <c>[batch, count]</c>.</summary>
    public Tensor DrawNegatives(long batch, long count, Generator generator) =>
        Operators.Randint(0, StudentBank.Size(0), [batch, count], generator, device: generator.Device).To(StudentBank.Device);

    /// <summary>Both directions of the loss, student's anchors against the teacher's bank and the reverse, summed; then renews both banks.</summary>
    /// <param name="student">The student's embeddings, unit vectors <c>[B, dimension]</c>, with graph.</param>
    /// <param name="teacher">The teacher's embeddings, likewise.</param>
    /// <param name="indices">Which examples these are, Int64 <c>[B]</c>.</param>
    /// <param name="negatives">Examples to tell apart, Int64 <c>[B, k]</c>.</param>
    public Tensor Contrast(Tensor student, Tensor teacher, Tensor indices, Tensor negatives)
    {
        if (_studentNormalizer <= 0)
        {
            _studentNormalizer = ContrastiveLoss.Normalizer(student, TeacherBank, indices, negatives, _temperature);
            _teacherNormalizer = ContrastiveLoss.Normalizer(teacher, StudentBank, indices, negatives, _temperature);
            StudentConstant.FillInPlace(_studentNormalizer);
            TeacherConstant.FillInPlace(_teacherNormalizer);
        }

        Tensor loss = ContrastiveLoss.Loss(student, TeacherBank, indices, negatives, _temperature, _studentNormalizer, _epsilon)
            + ContrastiveLoss.Loss(teacher, StudentBank, indices, negatives, _temperature, _teacherNormalizer, _epsilon);
        Renew(StudentBank, student, indices, _momentum);
        Renew(TeacherBank, teacher, indices, _momentum);
        return loss;
    }

    /// <summary>
    /// Moves entries of a bank towards new embeddings, in place: m·old + (1 - m)·new, brought to length 1 (Wu et al. 2018).
    /// Where an example occurs twice, its last embedding counts.
    /// </summary>
    /// <param name="bank">The bank <c>[n, D]</c>.</param>
    /// <param name="embeddings">New embeddings <c>[B, D]</c>.</param>
    /// <param name="indices">Their examples, Int64 <c>[B]</c>.</param>
    /// <param name="momentum">m, from 0 to 1.</param>
    public static void Renew(Tensor bank, Tensor embeddings, Tensor indices, double momentum)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        Tensor moved = bank.IndexSelect(0, indices) * momentum + embeddings.Detach() * (1 - momentum);
        Tensor rows = moved / moved.LinalgVectorNorm(2, [1], keepdim: true);

        // A copy to equal indices may land in any order, so every occurrence is given the last one's row.
        Tensor order = Operators.Arange(indices.Size(0), DType.Int64, indices.Device);
        Tensor last = (indices.Unsqueeze(1).Eq(indices.Unsqueeze(0)).To(DType.Int64) * order).Amax([1]);
        bank.IndexCopyInPlace(0, indices, rows.IndexSelect(0, last));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        StudentBank.Dispose();
        TeacherBank.Dispose();
        StudentConstant.Dispose();
        TeacherConstant.Dispose();
    }

    /// <summary>Moves the banks to another type and device.</summary>
    /// <returns>This memory.</returns>
    internal ContrastiveMemory To(DType dtype, Device device)
    {
        StudentBank = Convert(StudentBank, dtype, device);
        TeacherBank = Convert(TeacherBank, dtype, device);
        return this;
    }

    /// <summary>Reads the constants again after the saved tensors were written to.</summary>
    internal void RefreshConstants()
    {
        _studentNormalizer = StudentConstant.Item();
        _teacherNormalizer = TeacherConstant.Item();
    }

    private static Tensor RandomBank(long examples, long dimension, Generator generator)
    {
        double bound = 1 / Math.Sqrt(dimension / 3.0);
        return Operators.Empty([examples, dimension], DType.Float32).UniformInPlace(-bound, bound, generator);
    }

    private static Tensor Convert(Tensor bank, DType dtype, Device device)
    {
        if (bank.DType == dtype && bank.Device == device)
        {
            return bank;
        }

        Tensor converted = bank.To(dtype, device).Unscoped();
        bank.Dispose();
        return converted;
    }
}
