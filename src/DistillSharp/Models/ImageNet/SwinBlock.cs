using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// A layer of a Swin transformer (Liu et al. 2021, eq. 3), <c>[N, H, W, C]</c> to the same shape: attention in windows, then two linear
/// layers, each behind a norm and beside a shortcut, and dropped for some examples while training. Names are torchvision's.
/// </summary>
internal sealed class SwinBlock : Module
{
    private readonly LayerNorm _norm1;
    private readonly ShiftedWindowAttention _attention;
    private readonly StochasticDepth _depth;
    private readonly LayerNorm _norm2;
    private readonly Sequential _mlp;

    /// <summary>Makes the layer.</summary>
    /// <param name="width">C, channels.</param>
    /// <param name="heads">Heads of the attention.</param>
    /// <param name="window">Height and width of a window.</param>
    /// <param name="shift">How far windows are shifted.</param>
    /// <param name="drop">Share of examples for which a branch is dropped.</param>
    /// <param name="generator">Where the weights come from.</param>
    public SwinBlock(long width, long heads, int window, int shift, double drop, Generator generator)
    {
        _norm1 = Register("norm1", new LayerNorm(width));
        _attention = Register("attn", new ShiftedWindowAttention(width, window, shift, heads, generator));
        _depth = Register("stochastic_depth", new StochasticDepth(drop));
        _norm2 = Register("norm2", new LayerNorm(width));
        _mlp = Register("mlp", Perceptron.Make(width, 4 * width, 0, generator));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor x = input + _depth.Call(_attention.Call(_norm1.Call(input)));
        return x + _depth.Call(_mlp.Call(_norm2.Call(x)));
    }
}
