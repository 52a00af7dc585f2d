using DistillSharp.Conformance.Reading;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>The formula that gives images: offset + amplitude · sin(b·i + shift) over the flat index i.</summary>
/// <param name="B">What the flat index is multiplied by.</param>
/// <param name="Offset">What is added; 0 where the file gives none.</param>
/// <param name="Amplitude">What the sine is multiplied by; 1 where the file gives none.</param>
/// <param name="Shape"><c>[N, C, H, W]</c>; null where the file gives none here.</param>
internal sealed record ImageFormula(double B, double Offset, double Amplitude, long[]? Shape)
{
    /// <summary>Reads the file's <c>input_parameters</c>.</summary>
    public static ImageFormula Read(FixtureNode root)
    {
        FixtureNode node = root.Get("input_parameters");
        node.AllowOnly("b", "offset", "amplitude", "shape");
        return new ImageFormula(
            node.Get("b").Number(),
            node.Number("offset", 0),
            node.Number("amplitude", 1),
            node.Find("shape") is { } shape ? FixtureNetworks.ImageShape(shape) : null);
    }

    /// <summary>Makes images, Float64.</summary>
    public Tensor Images(ReadOnlySpan<long> shape, double shift = 0)
    {
        Tensor wave = FixtureNetworks.Wave(shape, B, shift);
        return Offset == 0 && Amplitude == 1 ? wave : (wave * Amplitude) + Offset;
    }
}
