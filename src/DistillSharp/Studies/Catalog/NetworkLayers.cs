using DistillSharp.Distillation;

namespace DistillSharp.Studies;

/// <summary>The layers of a network, as options can name them.</summary>
/// <param name="Shapes">What each layer gives out for one image, by path, without the batch dimension.</param>
/// <param name="Defaults">The layers that a method uses where its options name none.</param>
public sealed record NetworkLayers(IReadOnlyDictionary<string, long[]> Shapes, NetworkTaps Defaults)
{
    /// <summary>The paths of the layers.</summary>
    public IReadOnlyList<string> Paths { get; } = Shapes.Keys.ToList();
}
