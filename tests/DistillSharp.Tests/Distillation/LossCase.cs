using System.Text.Json;
using DistillSharp.Distillation;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Distillation;

/// <summary>A loss on features, as its fixture states it, with the smallest shapes that its forms differ at.</summary>
/// <param name="Name">The fixture's name.</param>
/// <param name="Loss">From the student's features and the teacher's to a scalar.</param>
/// <param name="Shapes">Shapes of the student's and the teacher's features for comparisons with differences, in turn.</param>
internal sealed record LossCase(string Name, Func<Tensor[], Tensor[], Tensor> Loss, params (long[] Student, long[] Teacher)[] Shapes)
{
    public static IReadOnlyList<LossCase> All { get; } =
    [
        new("attention_transfer", EachPair((s, t) => AttentionTransferMethod.Loss(s, t, 2)), ([2, 3, 4, 4], [2, 5, 2, 2]), ([2, 3, 2, 3], [2, 2, 4, 3])),
        new("fsp", (s, t) => Sum(FspMethod.Losses(s, t)), ([2, 2, 4, 4], [2, 2, 4, 4]), ([2, 3, 2, 2], [2, 3, 3, 3])),
        new("factor_transfer", EachPair((s, t) => FactorTransferMethod.Loss(s, t, 2, 1)), ([2, 3, 4, 4], [2, 5, 2, 2])),
        new("activation_boundary", (s, t) => Sum(ActivationBoundaryMethod.Losses(s, t, 1)), ([2, 2, 3, 3], [2, 2, 3, 3]), ([2, 3, 2, 2], [2, 3, 2, 2])),
        new("nst", EachPair(NstMethod.Loss), ([2, 2, 4, 4], [2, 3, 4, 4]), ([2, 5, 2, 2], [2, 6, 4, 4])),
        new("kdsvd", (s, t) => Sum(KdsvdMethod.Losses(s, t, 1)), ([2, 3, 4, 3], [2, 3, 4, 4]), ([2, 6, 2, 2], [2, 6, 2, 2]), ([2, 5, 2, 2], [2, 5, 1, 2])),
        new("reviewkd_hcl", ReviewMethod.Loss, ([2, 2, 5, 5], [2, 2, 5, 5]), ([2, 3, 1, 1], [2, 3, 1, 1])),
        new("similarity_preserving", EachPair(SimilarityPreservingMethod.Loss), ([3, 2, 2, 2], [3, 4, 1, 1])),
        new("correlation_congruence", EachPair(CorrelationCongruenceMethod.Loss), ([4, 3], [4, 3])),
        new("rkd", EachPair((s, t) => RkdMethod.Loss(s, t, 25, 50)), ([4, 3], [4, 5])),
        new("pkt", EachPair((s, t) => PktMethod.Loss(s, t)), ([4, 3], [4, 5])),
    ];

    /// <summary>An input of a golden file, one tensor or a list of them.</summary>
    public static Tensor[] Read(GoldenFile golden, DType dtype, params object[] path) => golden.At(path).ValueKind == JsonValueKind.Array
        ? [.. Enumerable.Range(0, golden.At(path).GetArrayLength()).Select(i => golden.Tensor(dtype, [.. path, i]))]
        : [golden.Tensor(dtype, path)];

    public override string ToString() => Name;

    private static Func<Tensor[], Tensor[], Tensor> EachPair(Func<Tensor, Tensor, Tensor> loss) => (s, t) => Sum(s.Zip(t, loss));

    private static Tensor Sum(IEnumerable<Tensor> losses) => losses.Aggregate((sum, loss) => sum + loss);
}
