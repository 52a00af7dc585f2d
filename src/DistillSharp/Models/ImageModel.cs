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
    /// For each map of <see cref="FeatureLayers"/> the layer that gives it out before its last ReLU; the same layer where no ReLU follows.
    /// </summary>
    public virtual IReadOnlyList<string> PreactivationLayers => FeatureLayers.SkipLast(1).ToList();

    /// <summary>The layer that gives out the logits: the last linear layer.</summary>
    public virtual string ClassifierLayer => NamedModules().Last(m => m.Value is Linear).Key;

    /// <summary>The batch norm that scales the channels of one of <see cref="PreactivationLayers"/>; null where there is none.</summary>
    public virtual BatchNorm2d? PreactivationNorm(string path) => null;

    /// <summary>The network's name in <see cref="ModelZoo"/>; empty where it was not made there.</summary>
    public string ZooName { get; internal set; } = "";

    /// <summary>Makes another network of the same kind and size; null where the model was not made by <see cref="ModelZoo"/>.</summary>
    internal Func<ImageModel>? MakeAlike { get; set; }

    /// <summary>The last layer that gives out maps: where class activation maps are taken.</summary>
    public string LastMapLayer => FeatureLayers[^2];

    /// <summary>The layer whose output <c>[N, F]</c> enters the classifier: what contrastive methods embed.</summary>
    public string PenultimateLayer => FeatureLayers[^1];

    /// <summary>The middle map: where hints are given by default.</summary>
    public string HintLayer => FeatureLayers[FeatureLayers.Count / 2];
}
