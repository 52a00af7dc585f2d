using O = DistillSharp.Torch.Operators;

namespace DistillSharp.Torch.Tests.Gradients;

/// <summary>Every differentiable operator of <c>Operators.aten</c> but the layers, with small inputs.</summary>
internal static class GradientCases
{
    /// <summary>All cases.</summary>
    public static IEnumerable<GradientCase> All => [.. Shapes, .. Indexing, .. Arithmetic, .. Reductions, .. LayerGradientCases.All, .. SequenceGradientCases.All];

    private static Tensor Columns => Tensor.From([2L, 0L]);

    private static Tensor Grid => Tensor.From([0L, 2L, 1L, 1L], 2, 2);

    private static Tensor Mask => Tensor.From([true, false, true, false, false, true], 2, 3);

    private static IEnumerable<GradientCase> Shapes =>
    [
        new("clone", x => x[0].Clone(), Any(2, 3)),
        new("to.dtype_layout", x => x[0].To(DType.Float64, Device.Cpu, nonBlocking: false, copy: true), Any(2, 3)),
        new("_to_copy", x => x[0].ToCopy(DType.Float64), Any(2, 3)),
        new("contiguous", x => x[0].T().Contiguous(), Any(2, 3)),
        new("alias", x => x[0].Alias(), Any(2, 3)),
        new("view", x => x[0].View([3, 2]), Any(2, 3)),
        new("reshape", x => x[0].Reshape([6]), Any(2, 3)),
        new("permute", x => x[0].Permute([2, 0, 1]), Any(2, 3, 2)),
        new("transpose.int", x => x[0].Transpose(0, 2), Any(2, 3, 2)),
        new("t", x => x[0].T(), Any(2, 3)),
        new("select.int", x => x[0].Select(1, 2), Any(2, 3)),
        new("slice.Tensor", x => x[0].Slice(1, 0, 4, 2), Any(2, 4)),
        new("narrow", x => x[0].Narrow(1, 1, 2), Any(2, 4)),
        new("unsqueeze", x => x[0].Unsqueeze(1), Any(2, 3)),
        new("squeeze", x => x[0].Squeeze(), Any(2, 1, 3)),
        new("squeeze.dim", x => x[0].Squeeze(1), Any(2, 1, 3)),
        new("expand", x => x[0].Expand([2, 3]), Any(2, 1)),
        new("flatten.using_ints", x => x[0].Flatten(1), Any(2, 3, 2)),
        new("unbind.int", x => x[0].Unbind(1)[2], Any(2, 3)),
        new("chunk", x => x[0].Chunk(2, 1)[1], Any(2, 4)),
        new("split.Tensor", x => x[0].Split(3, 1)[0], Any(2, 4)),
        new("as_strided", x => x[0].AsStrided([2, 2], [3, 1], 1), Any(2, 3)),
        new("copy_", x => O.Zeros([2, 3], DType.Float64).CopyInPlace(x[0]), Any(2, 3)),
        new("repeat", x => x[0].Repeat([2, 1]), Any(2, 3)),
        new("repeat_interleave.self_int", x => x[0].RepeatInterleave(2, 1), Any(2, 3)),
        new("flip", x => x[0].Flip([0, 1]), Any(2, 3)),
        new("roll", x => x[0].Roll([1, -1], [0, 1]), Any(2, 3)),
        new("constant_pad_nd", x => x[0].ConstantPadNd([1, 2, 0, 1], 0.5), Any(2, 3)),
        new("cat", x => O.Cat([x[0], x[1]], 1), Any(2, 3), Any(2, 1)),
        new("stack", x => O.Stack([x[0], x[1]], 1), Any(2, 3), Any(2, 3)),
    ];

    private static IEnumerable<GradientCase> Indexing =>
    [
        new("index_select", x => x[0].IndexSelect(1, Columns), Any(2, 3)),
        new("gather", x => x[0].Gather(1, Grid), Any(2, 3)),
        new("scatter_.src", x => x[0].Clone().ScatterInPlace(1, Tensor.From([2L, 0L], 2, 1), x[1]), Any(2, 3), Any(2, 1)),
        new("scatter_.value", x => x[0].Clone().ScatterInPlace(1, Tensor.From([2L, 0L], 2, 1), 3.0), Any(2, 3)),
        new("index_copy_", x => x[0].Clone().IndexCopyInPlace(1, Columns, x[1]), Any(2, 3), Any(2, 2)),
        new("scatter_add_", x => x[0].Clone().ScatterAddInPlace(1, Tensor.From([2L, 0L, 2L, 1L], 2, 2), x[1]), Any(2, 3), Any(2, 2)),
        new("index_add_", x => x[0].Clone().IndexAddInPlace(1, Columns, x[1], 2.0), Any(2, 3), Any(2, 2)),
        new("index_fill_.int_Scalar", x => x[0].Clone().IndexFillInPlace(1, Columns, 4.0), Any(2, 3)),
        new("where.self", x => O.Where(Mask, x[0], x[1]), Any(2, 3), Any(2, 3)),
        new("where.ScalarOther", x => O.Where(Mask, x[0], 2.0), Any(2, 3)),
        new("masked_fill.Scalar", x => x[0].MaskedFill(Mask, -1.0), Any(2, 3)),
        new("masked_select", x => x[0].MaskedSelect(Mask), Any(2, 3)),
        new("tril", x => x[0].Tril(-1), Any(3, 3)),
    ];

    private static IEnumerable<GradientCase> Arithmetic =>
    [
        new("add.Tensor", x => x[0].Add(x[1], 2.0), Any(2, 3), Any(3)),
        new("add.Scalar", x => x[0].Add(1.5), Any(2, 3)),
        new("add_.Tensor", x => x[0].Clone().AddInPlace(x[1], 2.0), Any(2, 3), Any(3)),
        new("add_.Scalar", x => x[0].Clone().AddInPlace(1.5), Any(2, 3)),
        new("sub.Tensor", x => x[0].Sub(x[1], 2.0), Any(2, 3), Any(2, 1)),
        new("sub.Scalar", x => x[0].Sub(1.5), Any(2, 3)),
        new("sub_.Tensor", x => x[0].Clone().SubInPlace(x[1]), Any(2, 3), Any(3)),
        new("mul.Tensor", x => x[0].Mul(x[1]), Any(2, 3), Any(2, 1)),
        new("mul.Scalar", x => x[0].Mul(-1.5), Any(2, 3)),
        new("mul_.Tensor", x => x[0].Clone().MulInPlace(x[1]), Any(2, 3), Any(3)),
        new("mul_.Scalar", x => x[0].Clone().MulInPlace(-1.5), Any(2, 3)),
        new("div.Tensor", x => x[0].Div(x[1]), Any(2, 3), Positive(3)),
        new("div.Scalar", x => x[0].Div(3.0), Any(2, 3)),
        new("div_.Tensor", x => x[0].Clone().DivInPlace(x[1]), Any(2, 3), Positive(3)),
        new("div_.Scalar", x => x[0].Clone().DivInPlace(3.0), Any(2, 3)),
        new("neg", x => x[0].Neg(), Any(2, 3)),
        new("neg_", x => x[0].Clone().NegInPlace(), Any(2, 3)),
        new("abs", x => x[0].Abs(), Any(2, 3)),
        new("exp", x => x[0].Exp(), Any(2, 3)),
        new("log", x => x[0].Log(), Positive(2, 3)),
        new("log1p", x => x[0].Log1p(), Positive(2, 3)),
        new("sqrt", x => x[0].Sqrt(), Positive(2, 3)),
        new("rsqrt", x => x[0].Rsqrt(), Positive(2, 3)),
        new("square", x => x[0].Square(), Any(2, 3)),
        new("pow.Tensor_Scalar", x => x[0].Pow(2.5), Positive(2, 3)),
        new("reciprocal", x => x[0].Reciprocal(), Positive(2, 3)),
        new("sign", x => x[0].Sign(), Any(2, 3)),
        new("floor", x => x[0].Floor(), Any(2, 3)),
        new("sin", x => x[0].Sin(), Any(2, 3)),
        new("cos", x => x[0].Cos(), Any(2, 3)),
        new("tanh", x => x[0].Tanh(), Any(2, 3)),
        new("softplus", x => x[0].Softplus(2.0), Any(2, 3)),
        new("sigmoid", x => x[0].Sigmoid(), Any(2, 3)),
        new("remainder.Scalar", x => x[0].Remainder(0.7), Any(2, 3)),
        new("addcmul", x => x[0].Addcmul(x[1], x[2], 0.5), Any(2, 3), Any(2, 3), Any(3)),
        new("addcmul_", x => x[0].Clone().AddcmulInPlace(x[1], x[2], 0.5), Any(2, 3), Any(2, 3), Any(3)),
        new("addcdiv_", x => x[0].Clone().AddcdivInPlace(x[1], x[2], 0.5), Any(2, 3), Any(2, 3), Positive(3)),
        new("lerp_.Scalar", x => x[0].Clone().LerpInPlace(x[1], 0.3), Any(2, 3), Any(2, 3)),
        new("clamp", x => x[0].Clamp(-0.7, 0.7), Any(2, 3)),
        new("clamp_", x => x[0].Clone().ClampInPlace(-0.7, 0.7), Any(2, 3)),
        new("clamp.Tensor", x => x[0].Clamp(x[1], x[2]), Any(2, 3), new(-0.9, -0.4, 3), new(0.45, 0.8, 3)),
        new("clamp_min", x => x[0].ClampMin(0.1), Any(2, 3)),
        new("clamp_max", x => x[0].ClampMax(0.1), Any(2, 3)),
        new("maximum", x => x[0].Maximum(x[1]), Any(2, 3), new(-0.8, 0.9, 2, 3)),
        new("minimum", x => x[0].Minimum(x[1]), Any(2, 3), new(-0.8, 0.9, 2, 3)),
        new("zero_", x => x[0].Clone().ZeroInPlace(), Any(2, 3)),
        new("fill_.Scalar", x => x[0].Clone().FillInPlace(2.0), Any(2, 3)),
        new("rsub.Scalar", x => x[0].Rsub(1.0, 2.0), Any(2, 3)),
    ];

    private static IEnumerable<GradientCase> Reductions =>
    [
        new("sum", x => x[0].Sum(), Any(2, 3)),
        new("sum.dim_IntList", x => x[0].Sum([0, 2], keepdim: true), Any(2, 3, 2)),
        new("mean", x => x[0].Mean(), Any(2, 3)),
        new("mean.dim", x => x[0].Mean([1]), Any(2, 3)),
        new("max", x => x[0].Max(), Any(2, 3)),
        new("min", x => x[0].Min(), Any(2, 3)),
        new("max.dim", x => x[0].Max(1).Item1, Any(2, 3)),
        new("min.dim", x => x[0].Min(0).Item1, Any(2, 3)),
        new("amax", x => x[0].Amax([1]), Any(2, 3)),
        new("amin", x => x[0].Amin([0, 1]), Any(2, 3)),
        new("linalg_vector_norm", x => x[0].LinalgVectorNorm(dim: [1]), Any(2, 3)),
        new("linalg_vector_norm order 1", x => x[0].LinalgVectorNorm(1.0), Any(2, 3)),
        new("logsumexp", x => x[0].Logsumexp([1]), Any(2, 3)),
        new("var.dim", x => x[0].Var([0, 2], unbiased: false), Any(2, 3, 2)),
        new("std.dim", x => x[0].Std([1]), Any(2, 3)),
        new("cumsum", x => x[0].Cumsum(1), Any(2, 3)),
        new("sort", x => x[0].Sort(1, descending: true).Item1, Any(2, 4)),
        new("topk", x => x[0].Topk(2, 1).Item1, Any(2, 4)),
    ];

    /// <summary>Values from -1.5 to 1.5 (never 0 nor a whole number, as the counts used are even or 3 and 9).</summary>
    public static Input Any(params long[] shape) => new(-1.5, 1.53, shape);

    /// <summary>Values from 0.3 to 2.</summary>
    public static Input Positive(params long[] shape) => new(0.3, 2, shape);
}
