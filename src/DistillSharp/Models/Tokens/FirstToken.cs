using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>The first of several tokens: <c>[N, L, E]</c> to <c>[N, E]</c>.</summary>
internal sealed class FirstToken : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Select(1, 0);
}
