using static DistillSharp.Torch.Tests.Gradients.GradientCases;
using O = DistillSharp.Torch.Operators;

namespace DistillSharp.Torch.Tests.Gradients;

/// <summary>What reads sequences: embeddings, recurrent layers, packing.</summary>
internal static class SequenceGradientCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("embedding", x => O.Embedding(x[0], Tensor.From([1L, 3L, 1L, 0L], 2, 2)), Any(4, 3)),
        new("lstm.input", Lstm, [Any(2, 3, 2), .. Recurrent]),
        new("lstm.input in both directions", LstmInBothDirections, [Any(2, 3, 2), .. Recurrent, .. Weights]),
        new("lstm.data", LstmOfPacked, [Any(5, 2), .. Recurrent]),
        new("_pack_padded_sequence", x => O.PackPaddedSequence(x[0], Tensor.From([3L, 2L]), true).Item1, Any(2, 3, 2)),
        new("_pad_packed_sequence", x => O.PadPackedSequence(x[0], BatchSizes, true, 0.0, 4).Item1, Any(5, 2)),
    ];

    private static Tensor BatchSizes => Tensor.From([2L, 2L, 1L]);

    /// <summary>State of one direction for two sequences of width 2, and its weights.</summary>
    private static Input[] Recurrent => [Any(1, 2, 2), Any(1, 2, 2), .. Weights];

    private static Input[] Weights => [Any(8, 2), Any(8, 2), Any(8), Any(8)];

    private static Tensor Lstm(Tensor[] x) =>
        Joined(O.Lstm(x[0], [x[1], x[2]], x[3..7], true, 1, 0, true, false, true));

    private static Tensor LstmInBothDirections(Tensor[] x) =>
        Joined(O.Lstm(x[0], [O.Cat([x[1], x[2]]), O.Cat([x[2], x[1]])], x[3..11], true, 1, 0, true, true, true));

    private static Tensor LstmOfPacked(Tensor[] x) =>
        Joined(O.Lstm(x[0], BatchSizes, [x[1], x[2]], x[3..7], true, 1, 0, true, false));

    private static Tensor Joined((Tensor Output, Tensor Hidden, Tensor Cell) result) =>
        O.Cat([result.Output.Flatten(), result.Hidden.Flatten(), result.Cell.Flatten()]);
}
