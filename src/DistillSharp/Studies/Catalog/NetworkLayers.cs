using DistillSharp.Distillation;

namespace DistillSharp.Studies;

/// <summary>The layers of a network, as options can name them.</summary>
/// <param name="Shapes">What each layer gives out for one image, by path, without the batch dimension.</param>
/// <param name="Defaults">The layers that a method uses where its options name none.</param>
public sealed record NetworkLayers(IReadOnlyDictionary<string, long[]> Shapes, NetworkTaps Defaults)
{
    /// <summary>The paths of the layers.</summary>
    public IReadOnlyList<string> Paths { get; } = Shapes.Keys.ToList();

    /// <summary>The layers of an ensemble of such networks, as <see cref="Models.EnsembleModel"/> names them; its features are those of its first member.</summary>
    /// <param name="members">How many networks, at least 1.</param>
    public NetworkLayers OfMembers(int members)
    {
        string First(string path) => Models.EnsembleModel.PathOf(0, path);

        return new NetworkLayers(
            Enumerable.Range(0, members).SelectMany(i => Shapes.Select(s => KeyValuePair.Create(Models.EnsembleModel.PathOf(i, s.Key), s.Value))).ToDictionary(),
            Defaults with
            {
                Hint = First(Defaults.Hint),
                Penultimate = First(Defaults.Penultimate),
                Features = Defaults.Features.Select(First).ToList(),
                Preactivations = Defaults.Preactivations.Select(First).ToList(),
            });
    }
}
