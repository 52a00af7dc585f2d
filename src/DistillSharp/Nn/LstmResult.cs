using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>What an <see cref="LSTM"/> made of sequences.</summary>
/// <param name="Outputs">The last layer's output at every step, <c>[B, T, D·H]</c>.</param>
/// <param name="End">The state of every layer after the last step.</param>
public sealed record LstmResult(Tensor Outputs, LstmState End);
