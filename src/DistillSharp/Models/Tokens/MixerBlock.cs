using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// A layer of an MLP-Mixer (Tolstikhin et al. 2021, eq. 1), tokens <c>[N, L, E]</c> to the same shape: two linear layers across the tokens, then
/// two across the features, each pair behind a norm and beside a shortcut. Names are timm's; <c>map</c> beside them has no weights and gives
/// out the tokens that enter the layer, <c>[N, E, h, w]</c>.
/// </summary>
internal sealed class MixerBlock : Module
{
    private readonly TokensToMap _map;
    private readonly LayerNorm _norm1;
    private readonly Sequential _tokens;
    private readonly LayerNorm _norm2;
    private readonly Sequential _channels;

    /// <summary>Makes the layer.</summary>
    public MixerBlock(MixerSize size, PatchGrid grid, Generator generator)
    {
        _map = Register("map", new TokensToMap(grid.Height, grid.Width));
        _norm1 = Register("norm1", new LayerNorm(size.Width, TransformerSize.Epsilon));
        _tokens = Register("mlp_tokens", Perceptron.Make(grid.Count, size.TokenHidden, size.Dropout, generator, named: true));
        _norm2 = Register("norm2", new LayerNorm(size.Width, TransformerSize.Epsilon));
        _channels = Register("mlp_channels", Perceptron.Make(size.Width, size.ChannelHidden, size.Dropout, generator, named: true));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        // The map lies on the way, so that gradients reach it.
        Tensor tokens = TokensToMap.Back(_map.Call(input));
        Tensor x = tokens + _tokens.Call(_norm1.Call(tokens).Transpose(1, 2)).Transpose(1, 2);
        return x + _channels.Call(_norm2.Call(x));
    }
}
