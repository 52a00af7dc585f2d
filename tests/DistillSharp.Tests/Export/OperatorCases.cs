using DistillSharp.Export;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Export;

/// <summary>
/// Functions of a small batch <c>[N, 4, 6, 6]</c> in [0, 1], one or more for each operator that can be exported. Every one gives
/// at least two dimensions, the first of them N.
/// </summary>
internal static class OperatorCases
{
    public static readonly long[] Image = [4, 6, 6];

    private static Tensor Weight(params long[] shape)
    {
        using var generator = new Generator(5);
        return Operators.Empty(shape, DType.Float32).NormalInPlace(0, 0.5, generator);
    }

    /// <summary>Each case with the operator that it is for.</summary>
    public static IReadOnlyList<(string Operator, string Case, Func<Tensor, Tensor> Function)> All { get; } =
    [
        ("add.Tensor", "broadcast", x => x.Add(Weight(4, 1, 1))),
        ("add.Tensor", "alpha", x => x.Add(Weight(4, 1, 1), -2)),
        ("add.Scalar", "", x => x.Add(1.5)),
        ("add_.Tensor", "", x => x.Mul(2.0).AddInPlace(Weight(6))),
        ("add_.Scalar", "", x => x.Mul(2.0).AddInPlace(3.0)),
        ("sub.Tensor", "alpha", x => x.Sub(Weight(6), 0.5)),
        ("sub.Scalar", "", x => x.Sub(0.25)),
        ("sub_.Tensor", "", x => x.Neg().SubInPlace(x)),
        ("mul.Tensor", "", x => x.Mul(Weight(6, 6))),
        ("mul.Scalar", "", x => x * 3.0),
        ("mul_.Tensor", "", x => x.Exp().MulInPlace(x)),
        ("mul_.Scalar", "", x => x.Exp().MulInPlace(2.0)),
        ("div.Tensor", "", x => x / (x + 1)),
        ("div.Scalar", "", x => x / 3.0),
        ("div_.Tensor", "", x => x.Exp().DivInPlace(x + 2.0)),
        ("div_.Scalar", "", x => x.Exp().DivInPlace(3.0)),
        ("maximum", "", x => x.Maximum(Weight(6))),
        ("minimum", "", x => x.Minimum(Weight(6))),
        ("rsub.Scalar", "", x => 1.0 - x),
        ("neg", "", x => -x),
        ("neg_", "", x => x.Exp().NegInPlace()),
        ("abs", "", x => (x - 0.5).Abs()),
        ("exp", "", x => x.Exp()),
        ("log", "", x => (x + 0.1).Log()),
        ("sqrt", "", x => x.Sqrt()),
        ("reciprocal", "", x => (x + 1.0).Reciprocal()),
        ("rsqrt", "", x => (x + 1.0).Rsqrt()),
        ("square", "", x => x.Square()),
        ("pow.Tensor_Scalar", "", x => x.Pow(3.0)),
        ("sin", "", x => (x * 4.0).Sin()),
        ("cos", "", x => (x * 4.0).Cos()),
        ("floor", "", x => (x * 4.0).Floor()),
        ("relu", "", x => (x - 0.5).Relu()),
        ("relu_", "", x => (x - 0.5).ReluInPlace()),
        ("sigmoid", "", x => x.Sigmoid()),
        ("tanh", "", x => x.Tanh()),
        ("leaky_relu", "", x => (x - 0.5).LeakyRelu(0.2)),
        ("silu", "", x => (x - 0.5).Silu()),
        ("softplus", "", x => (x - 0.5).Softplus()),
        ("softplus", "beta", x => (x - 0.5).Softplus(2.0)),
        ("gelu", "", x => ((x - 0.5) * 4.0).Gelu()),
        ("hardtanh", "relu6", x => ((x - 0.5) * 20.0).Hardtanh(0, 6)),
        ("clamp", "", x => x.Clamp(0.2, 0.7)),
        ("clamp", "below", x => x.Clamp(0.2, null)),
        ("clamp_", "", x => x.Exp().ClampInPlace(1.2, 1.7)),
        ("clamp_min", "", x => x.ClampMin(0.4)),
        ("clamp_max", "", x => x.ClampMax(0.4)),
        ("dropout", "", x => Operators.Dropout(x, 0.5, false)),
        ("softmax.int", "", x => x.Softmax(1)),
        ("log_softmax.int", "", x => x.LogSoftmax(-1)),
        ("conv2d", "stride, padding, bias", x => Operators.Conv2d(x, Weight(8, 4, 3, 3), Weight(8), [2, 2], [1, 1])),
        ("conv2d", "groups", x => Operators.Conv2d(x, Weight(8, 2, 3, 3), null, null, null, null, 2)),
        ("conv2d", "dilation", x => Operators.Conv2d(x, Weight(3, 4, 3, 2), null, null, [2, 1], [2, 1])),
        ("conv_transpose2d.input", "", x => Operators.ConvTranspose2d(x, Weight(4, 3, 4, 4), Weight(3), [2, 2], [1, 1])),
        ("max_pool2d", "", x => x.MaxPool2d([2, 2])),
        ("max_pool2d", "padding", x => x.MaxPool2d([3, 3], [2, 2], [1, 1])),
        ("avg_pool2d", "", x => x.AvgPool2d([2, 2])),
        ("avg_pool2d", "padding counted", x => x.AvgPool2d([3, 3], [2, 2], [1, 1])),
        ("avg_pool2d", "padding not counted", x => x.AvgPool2d([3, 3], [2, 2], [1, 1], countIncludePad: false)),
        ("adaptive_avg_pool2d", "one", x => x.AdaptiveAvgPool2d([1, 1])),
        ("adaptive_avg_pool2d", "even", x => x.AdaptiveAvgPool2d([2, 3])),
        ("adaptive_avg_pool2d", "as it is", x => x.Exp().AdaptiveAvgPool2d([6, 6])),
        ("batch_norm", "", x => Operators.BatchNorm(x, Weight(4), Weight(4), Weight(4), Weight(4).Square() + 0.5, false, 0.1, 1e-3, true)),
        ("batch_norm", "without weights", x => Operators.BatchNorm(x, null, null, Weight(4), Weight(4).Square() + 0.5, false, 0.1, 1e-5, true)),
        ("layer_norm", "", x => Operators.LayerNorm(x, [6], Weight(6), Weight(6), 1e-4)),
        ("layer_norm", "two dimensions, no weights", x => Operators.LayerNorm(x, [6, 6])),
        ("linear", "of maps", x => Operators.Linear(x, Weight(5, 6), Weight(5))),
        ("linear", "of vectors", x => Operators.Linear(x.Flatten(1), Weight(5, 144), Weight(5))),
        ("linear", "without bias", x => Operators.Linear(x.Flatten(1), Weight(5, 144))),
        ("mm", "", x => x.Flatten(1).Mm(Weight(144, 3))),
        ("bmm", "", x => x.Flatten(1, 2).Bmm(x.Flatten(1, 2).Transpose(1, 2))),
        ("matmul", "", x => x.Matmul(x.Transpose(2, 3))),
        ("addmm", "", x => Weight(3).Addmm(x.Flatten(1), Weight(144, 3), 0.5, 2.0)),
        ("mean.dim", "", x => x.Mean([2, 3])),
        ("mean.dim", "kept", x => x.Mean([1L], true)),
        ("amax", "", x => x.Amax([-1L])),
        ("amin", "", x => x.Amin([-1L])),
        ("logsumexp", "", x => (x * 50.0).Logsumexp([1L])),
        ("sum.dim_IntList", "", x => x.Sum([1L, 3], false)),
        ("view", "", x => x.View([x.Size(0), 2, -1])),
        ("reshape", "batch in two places", x => x.Reshape([x.Size(0) * 2, 2, 36]).Reshape([x.Size(0), -1])),
        ("flatten.using_ints", "", x => x.Flatten(0, 1).Exp().View([-1, 4, 36])),
        ("unsqueeze", "", x => x.Unsqueeze(1).Exp()),
        ("squeeze.dim", "", x => x.Mean([1L], true).Squeeze(1)),
        ("contiguous", "", x => x.Transpose(1, 2).Contiguous()),
        ("clone", "", x => x.Clone()),
        ("detach", "", x => x.Detach()),
        ("alias", "", x => x.Alias()),
        ("to.dtype_layout", "", x => x.To(DType.Float64).Exp().To(DType.Float32)),
        ("_to_copy", "", x => x.ToCopy(DType.Float64).ToCopy(DType.Float32)),
        ("permute", "", x => x.Permute([0, -1, 1, 2])),
        ("transpose.int", "", x => x.Transpose(1, -1)),
        ("t", "", x => x.Flatten(1).T().Contiguous().T()),
        ("expand", "of a constant to the batch", x => Operators.Cat([Weight(1, 2, 36).Expand([x.Size(0), -1, -1]), x.Flatten(2)], 1)),
        ("expand", "of channels", x => x.Mean([1L], true).Expand([-1, 3, -1, -1])),
        ("repeat", "", x => x.Repeat([1, 2, 1, 3])),
        ("slice.Tensor", "", x => x.Slice(2, 1, 5, 2)),
        ("slice.Tensor", "from the end", x => x.Slice(-1, -2)),
        ("narrow", "", x => x.Narrow(1, 1, 2)),
        ("select.int", "", x => x.Select(1, -1)),
        ("unbind.int", "", x => x.Unbind(1)[2]),
        ("chunk", "uneven", x => Operators.Cat([.. x.Slice(2, 0, 5).Chunk(2, 2).Reverse()], 2)),
        ("split.Tensor", "", x => x.Split(4, -1)[1]),
        ("split.Tensor", "one part", x => x.Exp().Split(6, -1)[0]),
        ("cat", "", x => Operators.Cat([x, x * 2.0], -1)),
        ("stack", "", x => Operators.Stack([x, x * 2.0], -1)),
        ("index_select", "", x => x.IndexSelect(1, Tensor.From<long>([3, 0, 0]))),
        ("gather", "", x => x.Flatten(1).Transpose(0, 1).Gather(0, Tensor.From<long>([3, 0, 7], 3, 1).Expand([3, x.Size(0)])).Transpose(0, 1)),
        ("flip", "", x => x.Flip([1, -1])),
        ("roll", "", x => x.Roll([-2, 1], [2, -1])),
        ("constant_pad_nd", "", x => x.ConstantPadNd([0, 1, 2, 0], 0.5)),
    ];

    /// <summary>The name under which a case is exported and found.</summary>
    public static string Name(int index) => $"{All[index].Operator} {All[index].Case}".Trim();
}
