using DistillSharp.Data;

namespace DistillSharp.Export;

/// <summary>What goes into an ONNX file beside the network.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>What the network's input is normalised by; null where nothing is known of it: the graph then takes what the network takes.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>True: the graph takes images in [0, 1] and normalises them itself. False: it takes images that are normalised already.</summary>
    public bool NormalizeInside { get; init; } = true;

    /// <summary>The graph's name; the network's name in the zoo where null.</summary>
    public string? Name { get; init; }

    /// <summary>The classes' names in the order of the logits, for the file's metadata; null where they are not known.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>SHA-256 of the file that the weights came from, for the metadata; null where there is none.</summary>
    public string? WeightsSha256 { get; init; }
}
