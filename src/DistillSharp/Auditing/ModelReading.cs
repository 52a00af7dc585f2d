namespace DistillSharp.Auditing;

/// <summary>How the weights of a file are read, where the file does not say it itself.</summary>
public sealed record ModelReading
{
    /// <summary>The network's name, then its options as <c>option=value</c>: <c>["convnet", "widths=16,32,64"]</c>. Empty to recognise it by names and shapes.</summary>
    public IReadOnlyList<string> Model { get; init; } = [];

    /// <summary>The key of the state dict in the file; the usual ones are tried where it is null.</summary>
    public string? Key { get; init; }

    /// <summary>What is subtracted from each channel of images in [0, 1]; empty for the data set's.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [];

    /// <summary>What each channel is divided by after that, above 0; empty for the data set's.</summary>
    public IReadOnlyList<double> StandardDeviation { get; init; } = [];
}
