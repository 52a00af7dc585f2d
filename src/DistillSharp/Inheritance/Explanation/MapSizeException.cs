using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>A layer gives out nothing that could say where a network looks: no maps, or maps of one pixel.</summary>
public sealed class MapSizeException : ArgumentException
{
    internal MapSizeException(string message)
        : base(message)
    {
    }

    internal static MapSizeException For(Module network, string layer, Tensor output, Action evaluate)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        using var taps = new TapRecorder(network, network.NamedModules().Select(m => m.Key).Where(name => name.Length > 0));
        evaluate();
        List<string> larger = [.. taps.Outputs
            .Where(o => o.Value.Dimensions == 4 && o.Value.Size(2) * o.Value.Size(3) > 1)
            .Select(o => $"{o.Key} ({o.Value.Size(2)}x{o.Value.Size(3)})")];
        string found = output.Dimensions == 4
            ? $"maps of {output.Size(2)}x{output.Size(3)}, which look everywhere and nowhere"
            : $"[{string.Join(", ", output.Shape[1..])}] for an image, which is no map";
        string advice = larger.Count == 0
            ? "No layer of this network gives out larger maps."
            : $"Layers with larger maps: {string.Join(", ", larger.TakeLast(12))}.";
        return new MapSizeException($"The layer '{layer}' gives out {found}. {advice}");
    }
}
