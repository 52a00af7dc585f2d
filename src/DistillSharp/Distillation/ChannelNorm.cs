using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>How a frozen teacher's batch norm leaves the channels of a map: each about normal with this mean and deviation.</summary>
/// <param name="Deviation">The batch norm's weight, <c>[C]</c>; its size is the deviation.</param>
/// <param name="Mean">The batch norm's bias, <c>[C]</c>.</param>
public sealed record ChannelNorm(Tensor Deviation, Tensor Mean);
