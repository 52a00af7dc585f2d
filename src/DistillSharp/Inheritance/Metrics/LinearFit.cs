using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>A linear student that matches its teacher's logits on some inputs.</summary>
/// <param name="Weight">Its weights <c>[classes, m]</c>, Float64.</param>
/// <param name="Bias">Its bias <c>[classes]</c>, Float64.</param>
/// <param name="Rank">How many dimensions the rows <c>[x_i, 1]</c> span, 0 to m + 1.</param>
/// <param name="IsUnique">True where that is all m + 1: then no other linear student matches.</param>
public sealed record LinearFit(Tensor Weight, Tensor Bias, int Rank, bool IsUnique);
