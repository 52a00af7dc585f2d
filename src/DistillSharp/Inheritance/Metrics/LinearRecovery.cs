using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// The linear case of "why distillation works" (Ojha et al. 2023, section 6): a linear student that matches the logits of a linear teacher on
/// inputs <c>x_1 ... x_k</c> solves <c>W x_i + b = z_i</c>. Where the rows <c>[x_i, 1]</c> span all of m + 1 dimensions there is one solution,
/// and it is the teacher; else the student is free in the directions that the inputs do not show.
/// </summary>
public static class LinearRecovery
{
    /// <summary>The solution of least norm: what gradient descent from zero finds.</summary>
    /// <param name="inputs">Inputs <c>[k, m]</c>.</param>
    /// <param name="logits">The teacher's logits on them <c>[k, classes]</c>.</param>
    /// <exception cref="ArgumentException">The numbers of rows differ.</exception>
    public static LinearFit Fit(Tensor inputs, Tensor logits)
    {
        if (inputs.Dimensions != 2 || logits.Dimensions != 2 || inputs.Size(0) != logits.Size(0) || inputs.Size(0) == 0)
        {
            throw new ArgumentException($"Inputs [k, m] and logits [k, classes] were expected, found {inputs} and {logits}.", nameof(logits));
        }

        using var scope = new TensorScope();
        Tensor x = inputs.Detach().To(DType.Float64, Device.Cpu), z = logits.Detach().To(DType.Float64, Device.Cpu);
        Tensor rows = Operators.Cat([x, Operators.Ones([x.Size(0), 1], DType.Float64)], 1);
        (Tensor u, Tensor s, Tensor v) = rows.Svd();
        double[] singular = s.ToArray<double>();

        // What is below is rounding, by the usual bound.
        double least = singular.Max() * Math.Max(rows.Size(0), rows.Size(1)) * (double.BitIncrement(1) - 1);
        int rank = singular.Count(value => value > least);
        Tensor seen = v.Narrow(1, 0, rank) / s.Narrow(0, 0, rank);
        Tensor solution = seen.Mm(u.Narrow(1, 0, rank).T().Mm(z)).T();
        long features = x.Size(1);
        return new LinearFit(
            scope.Keep(solution.Narrow(1, 0, features).Contiguous()), scope.Keep(solution.Select(1, features).Contiguous()), rank, rank == features + 1);
    }
}
