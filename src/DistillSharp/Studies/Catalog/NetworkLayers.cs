namespace DistillSharp.Studies;

/// <summary>The layers of a network, as options can name them.</summary>
/// <param name="Shapes">What each layer gives out for one image, by path, without the batch dimension.</param>
/// <param name="HintLayer">The middle map, used where a method's layer is not named.</param>
/// <param name="PenultimateLayer">The vector before the classifier, used likewise.</param>
public sealed record NetworkLayers(IReadOnlyDictionary<string, long[]> Shapes, string HintLayer, string PenultimateLayer)
{
    /// <summary>The paths of the layers.</summary>
    public IReadOnlyList<string> Paths { get; } = Shapes.Keys.ToList();
}
