using O = DistillSharp.Torch.Operators;

namespace DistillSharp.Torch.Tests;

/// <summary>The values of the operators that have no gradient to test, each with the reason.</summary>
public class OperatorValueTests
{
    private const string Creation = "makes a tensor from numbers";
    private const string Random = "draws random numbers";
    private const string Discrete = "its result is whole or a truth value";
    private const string Cut = "cuts the graph";
    private const string ForOptimisers = "for lists of parameters, used without gradients (libtorch 1.13 has no derivative for it)";

    internal static IReadOnlyList<Case> Cases { get; } =
    [
        new("empty.memory_format", Creation, () => Assert.Equal([2, 0], O.Empty([2, 0]).Shape)),
        new("empty_like", Creation, () => Assert.Equal([3], A.EmptyLike().Shape)),
        new("full", Creation, () => Check.Close([4, 4], O.Full([2], 4.0, DType.Float64))),
        new("zeros", Creation, () => Check.Close([0, 0], O.Zeros([2]))),
        new("zeros_like", Creation, () => Check.Close([0, 0, 0], A.ZerosLike())),
        new("ones", Creation, () => Check.Close([1, 1], O.Ones([2]))),
        new("ones_like", Creation, () => Check.Close([1, 1, 1], A.OnesLike())),
        new("full_like", Creation, () => Check.Close([7, 7, 7], A.FullLike(7))),
        new("arange", Creation, () => Assert.Equal([0L, 1L, 2L], O.Arange(3).ToArray<long>())),
        new("arange.start_step", Creation, () => Assert.Equal([5L, 3L, 1L, 2L], O.Cat([O.Arange(5, 1, -2), O.Arange(1, 3)]).ToArray<long>())),
        new("eye", Creation, () => Check.Close([1, 0, 0, 1], O.Eye(2))),
        new("linspace", Creation, () => Check.Close([0, 0.5, 1], O.Linspace(0, 1, 3, DType.Float64))),
        new("uniform_", Random, () => Between(Drawn().UniformInPlace(2, 3, new Generator(1)), 2, 3)),
        new("normal_", Random, () => Assert.Equal(5, Drawn().NormalInPlace(5, 0.1, new Generator(1)).Mean().Item(), 0.05)),
        new("bernoulli_.float", Random, () => Assert.Equal(0.3, Drawn().BernoulliInPlace(0.3, new Generator(1)).Mean().Item(), 0.1)),
        new("randperm.generator", Random, () => Assert.Equal([0L, 1L, 2L, 3L], O.Randperm(4, new Generator(1)).ToArray<long>().Order())),
        new("randint.low_generator", Random, () => Between(O.Randint(3, 6, [500], new Generator(1)), 3, 5)),
        new("detach", Cut, () => Assert.False(Recorded().Detach().RequiresGrad)),
        new("one_hot", Discrete, () => Assert.Equal([0L, 1L, 1L, 0L], Tensor.From([1L, 0L]).OneHot(2).ToArray<long>())),
        new("nonzero", Discrete, () => Assert.Equal([1L, 2L], Tensor.From([0f, 2f, 3f]).Nonzero().ToArray<long>())),
        new("eq.Tensor", Discrete, () => Same([false, true, false], A.Eq(B))),
        new("eq.Scalar", Discrete, () => Same([false, true, false], A.Eq(2))),
        new("ne.Tensor", Discrete, () => Same([true, false, true], A.Ne(B))),
        new("ne.Scalar", Discrete, () => Same([true, false, true], A.Ne(2))),
        new("lt.Tensor", Discrete, () => Same([true, false, false], A.Lt(B))),
        new("lt.Scalar", Discrete, () => Same([true, false, false], A.Lt(2))),
        new("le.Tensor", Discrete, () => Same([true, true, false], A.Le(B))),
        new("le.Scalar", Discrete, () => Same([true, true, false], A.Le(2))),
        new("gt.Tensor", Discrete, () => Same([false, false, true], A.Gt(B))),
        new("gt.Scalar", Discrete, () => Same([false, false, true], A.Gt(2))),
        new("ge.Tensor", Discrete, () => Same([false, true, true], A.Ge(B))),
        new("ge.Scalar", Discrete, () => Same([false, true, true], A.Ge(2))),
        new("logical_and", Discrete, () => Same([false, false, true], A.Gt(1).LogicalAnd(A.Gt(2)))),
        new("logical_or", Discrete, () => Same([true, false, true], A.Lt(2).LogicalOr(A.Gt(2)))),
        new("logical_not", Discrete, () => Same([true, true, false], A.Gt(2).LogicalNot())),
        new("isfinite", Discrete, () => Same([true, false, false], Odd.Isfinite())),
        new("isnan", Discrete, () => Same([false, true, false], Odd.Isnan())),
        new("equal", Discrete, () => Assert.True(A.Equal(A.Clone()) && !A.Equal(B))),
        new("argmax", Discrete, () => Assert.Equal(2, A.Argmax().Item())),
        new("argmin", Discrete, () => Assert.Equal([1L], Tensor.From([3f, 1f], 1, 2).Argmin(1).ToArray<long>())),
        new("all", Discrete, () => Assert.True(A.Gt(0).All().Item() == 1 && A.Gt(1).All().Item() == 0)),
        new("any", Discrete, () => Assert.True(A.Gt(2).Any().Item() == 1 && A.Gt(3).Any().Item() == 0)),
        new("_foreach_add.List", ForOptimisers, () => Check.Close([7, 6, 5], O.ForeachAdd([A], [B], 2.0)[0])),
        new("_foreach_sqrt", ForOptimisers, () => Check.Close([1, 2, 3], O.ForeachSqrt([B, A.Square()])[1].Mul(A).Sqrt())),
        new("_foreach_norm.Scalar", ForOptimisers, () => Check.Close([5], O.ForeachNorm([A, Tensor.From([3.0, -4.0])])[1])),
        new("_foreach_add_.List", ForOptimisers, () => InPlace([7, 6, 5], (a, b) => O.ForeachAddInPlace(a, b, 2.0))),
        new("_foreach_add_.Scalar", ForOptimisers, () => InPlace([2, 3, 4], (a, _) => O.ForeachAddInPlace(a, 1.0))),
        new("_foreach_mul_.Scalar", ForOptimisers, () => InPlace([2, 4, 6], (a, _) => O.ForeachMulInPlace(a, 2.0))),
        new("_foreach_mul_.List", ForOptimisers, () => InPlace([3, 4, 3], (a, b) => O.ForeachMulInPlace(a, b))),
        new("_foreach_addcmul_.Scalar", ForOptimisers, () => InPlace([5.5, 4, 3.5], (a, b) => O.ForeachAddcmulInPlace(a, b, b, 0.5))),
        new("_foreach_addcdiv_.Scalar", ForOptimisers, () => InPlace([3, 4, 5], (a, b) => O.ForeachAddcdivInPlace(a, b, b, 2.0))),
        new("_foreach_div_.Scalar", ForOptimisers, () => InPlace([0.5, 1, 1.5], (a, _) => O.ForeachDivInPlace(a, 2.0))),
        new("_foreach_div_.List", ForOptimisers, () => InPlace([1.0 / 3, 1, 3], (a, b) => O.ForeachDivInPlace(a, b))),
        new("_foreach_zero_", ForOptimisers, () => InPlace([0, 0, 0], (a, _) => O.ForeachZeroInPlace(a))),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Operator)];

    private static Tensor A => Tensor.From([1.0, 2.0, 3.0]);

    private static Tensor B => Tensor.From([3.0, 2.0, 1.0]);

    private static Tensor Odd => Tensor.From([1.0, double.NaN, double.PositiveInfinity]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_give_the_expected_values(string name) => Check.LeavesNoTensor(Cases.Single(c => c.Operator == name).Verify);

    private static Tensor Drawn() => O.Empty([1000], DType.Float64);

    private static Tensor Recorded()
    {
        Tensor x = A;
        x.RequiresGrad = true;
        return x.Square();
    }

    private static void Between(Tensor drawn, double low, double high)
    {
        Assert.InRange(drawn.Min().Item(), low, high);
        Assert.InRange(drawn.Max().Item(), low, high);
        Assert.True(drawn.Max().Item() - drawn.Min().Item() > 0.9 * (high - low));
    }

    private static void Same(bool[] expected, Tensor actual)
    {
        Assert.Equal(DType.Bool, actual.DType);
        Assert.Equal(expected, actual.ToArray<bool>());
    }

    private static void InPlace(double[] expected, Action<Tensor[], Tensor[]> change)
    {
        Tensor[] changed = [A, A];
        change(changed, [B, B]);
        Check.Close(expected, changed[0]);
        Check.Close(expected, changed[1]);
    }

    /// <summary>One operator.</summary>
    internal sealed record Case(string Operator, string Reason, Action Verify);
}
