using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>What an <see cref="LSTM"/> keeps from step to step; layers from the first to the last, of each the way forward and then the way back.</summary>
/// <param name="Hidden">h, <c>[layers·D, B, H]</c>.</param>
/// <param name="Cell">c, of the same shape.</param>
public sealed record LstmState(Tensor Hidden, Tensor Cell)
{
    /// <summary>The same numbers without their history: where a text goes on in the next batch, gradients stop there.</summary>
    public LstmState Detached() => new(Hidden.Detach(), Cell.Detach());
}
