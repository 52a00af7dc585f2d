using System.Globalization;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>The layers of a vision transformer with the embedding of positions before and a norm behind; torchvision's names.</summary>
internal sealed class TransformerEncoder : Module
{
    private readonly Dropout _dropout;
    private readonly Sequential _layers;
    private readonly LayerNorm _norm;

    /// <summary>Makes the encoder: positions normal with deviation 0.02.</summary>
    /// <param name="size">Depth, width and the like.</param>
    /// <param name="grid">How the patches lie in the image.</param>
    /// <param name="before">Tokens that stand before the patches' and belong to none.</param>
    /// <param name="generator">Where the weights come from.</param>
    public TransformerEncoder(TransformerSize size, PatchGrid grid, long before, Generator generator)
    {
        RegisterParameter("pos_embedding", Operators.Empty([1, before + grid.Count, size.Width], DType.Float32).NormalInPlace(0, 0.02, generator));
        _dropout = Register("dropout", new Dropout(size.Dropout));
        var layers = new (string, Module)[size.Depth];
        for (int i = 0; i < size.Depth; i++)
        {
            layers[i] = (LayerName(i), new TransformerBlock(size, grid, before, generator));
        }

        _layers = Register("layers", new Sequential(layers));
        _norm = Register("ln", new LayerNorm(size.Width, TransformerSize.Epsilon));
    }

    /// <summary>A layer's own name.</summary>
    public static string LayerName(int index) => "encoder_layer_" + index.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => _norm.Call(_layers.Call(_dropout.Call(input + Parameter("pos_embedding"))));
}
