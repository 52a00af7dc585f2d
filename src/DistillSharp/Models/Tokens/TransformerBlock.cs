using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// A layer of a vision transformer (Dosovitskiy et al. 2021, eqs. 2 and 3), tokens <c>[N, L, E]</c> to the same shape: attention and then
/// two linear layers, each behind a norm and beside a shortcut. Names are torchvision's; <c>map</c> beside them has no weights and gives out
/// the patches' tokens that enter the layer, <c>[N, E, h, w]</c>.
/// </summary>
internal sealed class TransformerBlock : Module
{
    private readonly long _before;
    private readonly TokensToMap _map;
    private readonly LayerNorm _norm1;
    private readonly MultiheadAttention _attention;
    private readonly Dropout _dropout;
    private readonly LayerNorm _norm2;
    private readonly Sequential _mlp;

    /// <summary>Makes the layer.</summary>
    /// <param name="size">Width, heads and the like.</param>
    /// <param name="grid">How the patches lie in the image.</param>
    /// <param name="before">Tokens that stand before the patches' and belong to none.</param>
    /// <param name="generator">Where the weights come from.</param>
    public TransformerBlock(TransformerSize size, PatchGrid grid, long before, Generator generator)
    {
        _before = before;
        _map = Register("map", new TokensToMap(grid.Height, grid.Width));
        _norm1 = Register("ln_1", new LayerNorm(size.Width, TransformerSize.Epsilon));
        _attention = Register("self_attention", new MultiheadAttention(size.Width, size.Heads, generator));
        _dropout = Register("dropout", new Dropout(size.Dropout));
        _norm2 = Register("ln_2", new LayerNorm(size.Width, TransformerSize.Epsilon));
        _mlp = Register("mlp", Perceptron.Make(size.Width, size.Hidden, size.Dropout, generator));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor tokens = ThroughMap(input);
        Tensor x = tokens + _dropout.Call(_attention.Call(_norm1.Call(tokens)));
        return x + _mlp.Call(_norm2.Call(x));
    }

    /// <summary>The tokens as they are; the map lies on the way, so that gradients reach it.</summary>
    private Tensor ThroughMap(Tensor tokens)
    {
        if (_before == 0)
        {
            return TokensToMap.Back(_map.Call(tokens));
        }

        Tensor patches = TokensToMap.Back(_map.Call(tokens.Slice(1, _before)));
        return Operators.Cat([tokens.Slice(1, 0, _before), patches], 1);
    }
}
