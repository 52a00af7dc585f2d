namespace DistillSharp.Studies;

/// <summary>A teacher's weights out of a file, e.g. one that PyTorch wrote.</summary>
/// <param name="Path">The file, absolute.</param>
/// <param name="Sha256">SHA-256 of the file: what identifies the teacher, wherever the file lies.</param>
/// <param name="Mean">What is subtracted from each channel of images in [0, 1] before they enter the network; empty for the data set's.</param>
/// <param name="Deviation">What each channel is divided by after that; empty for the data set's.</param>
public sealed record WeightsDefinition(string Path, string Sha256, ValueList<double> Mean, ValueList<double> Deviation)
{
    /// <summary>True where content and normalisation are equal; the same file elsewhere is the same teacher.</summary>
    public bool Equals(WeightsDefinition? other) =>
        other is not null && Sha256 == other.Sha256 && Mean.Equals(other.Mean) && Deviation.Equals(other.Deviation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Sha256, Mean, Deviation);
}
