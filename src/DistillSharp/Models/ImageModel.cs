using DistillSharp.Nn;

namespace DistillSharp.Models;

/// <summary>What a network looks at and tells apart.</summary>
/// <param name="Channels">Channels of the input.</param>
/// <param name="Height">Height of the input, pixels.</param>
/// <param name="Width">Width of the input, pixels.</param>
/// <param name="Classes">How many classes the logits tell apart.</param>
public sealed record ImageTask(int Channels, int Height, int Width, int Classes);

/// <summary>A network from images <c>[N, C, H, W]</c> to logits <c>[N, classes]</c>, with the layers that methods and analyses look at by default.</summary>
public abstract class ImageModel : Module
{
    /// <summary>The layers whose outputs the field calls the network's features, from the first map to the pooled vector.</summary>
    public abstract IReadOnlyList<string> FeatureLayers { get; }

    /// <summary>
    /// For each map of <see cref="FeatureLayers"/>, in their order and without the pooled vector: the layer that gives the map before its
    /// last ReLU, in the same shape. Where no ReLU is behind the map, the map itself; in networks that normalise before they
    /// convolve, the batch norm that the map enters next, as the public code of methods on activation boundaries has it.
    /// </summary>
    /// <remarks>Heo et al. 2019, <em>Knowledge Transfer via Distillation of Activation Boundaries</em>; Heo et al. 2019, <em>A Comprehensive Overhaul of Feature Distillation</em>.</remarks>
    public virtual IReadOnlyList<string> PreactivationLayers => [.. FeatureLayers.SkipLast(1)];

    /// <summary>The linear layer that gives the logits: what methods that reuse or read the classifier take.</summary>
    /// <exception cref="InvalidOperationException">The network has no linear layer.</exception>
    public virtual string ClassifierLayer => NamedModules().LastOrDefault(m => m.Value is Linear).Key
        ?? throw new InvalidOperationException($"{GetType().Name} has no linear layer, so it has no classifier to look at.");

    /// <summary>The network's name in <see cref="ModelZoo"/>; empty where it was not made there.</summary>
    public string ZooName { get; internal set; } = "";

    /// <summary>Makes another network of the same kind and size; null where the model was not made by <see cref="ModelZoo"/>.</summary>
    internal Func<ImageModel>? MakeAlike { get; set; }

    /// <summary>The last layer that gives out maps: where class activation maps are taken.</summary>
    public virtual string LastMapLayer => FeatureLayers[^2];

    /// <summary>The layer whose output <c>[N, F]</c> enters the classifier: what contrastive methods embed.</summary>
    public string PenultimateLayer => FeatureLayers[^1];

    /// <summary>The middle map: where hints are given by default.</summary>
    public string HintLayer => FeatureLayers[FeatureLayers.Count / 2];

    /// <summary>
    /// The batch norm whose output a layer gives out, or the residual part of a sum before its ReLU; null where there is none. Its weight
    /// and bias say how these values are spread (Heo et al. 2019, <em>A Comprehensive Overhaul of Feature Distillation</em>, section 3.1).
    /// </summary>
    /// <param name="path">A layer's path: one of <see cref="PreactivationLayers"/>; for a layer that ends in a ReLU the answer is null.</param>
    /// <exception cref="ArgumentException">There is no such layer; the message names the nearest.</exception>
    public virtual BatchNorm2d? PreactivationNorm(string path)
    {
        Module layer = Find(path);
        return layer is Identity
            ? (Find(path[..Math.Max(path.LastIndexOf('.'), 0)]) as IResidualBlock)?.LastNorm
            : LastNorm(layer);
    }

    // Blocks other than inverted residuals end in a ReLU, or in a sum that is normalised only by what follows.
    private static BatchNorm2d? LastNorm(Module module) => module switch
    {
        BatchNorm2d norm => norm,
        InvertedResidual block => block.LastNorm,
        Sequential { Children: [.., var last] } => LastNorm(last.Value),
        _ => null,
    };
}
