namespace DistillSharp.Studies;

/// <summary>What a study's checks need to know of a data set.</summary>
/// <param name="Channels">Channels of an image: 1 or 3.</param>
/// <param name="Height">Height of an image in pixels.</param>
/// <param name="Width">Width of an image in pixels.</param>
/// <param name="Classes">How many classes it has.</param>
/// <param name="TrainImages">Images in its training set, before the validation split.</param>
/// <param name="TestImages">Images in its test set.</param>
/// <param name="Fingerprint">
/// Identifies the content: the same for the same files wherever they lie, another once they change
/// (a published version, or a checksum). Run keys hold it in place of the path.
/// </param>
public sealed record DataSetDescription(
    int Channels,
    int Height,
    int Width,
    int Classes,
    int TrainImages,
    int TestImages,
    string Fingerprint)
{
    /// <summary>What is known of the images besides their classes; empty where nothing is.</summary>
    public IReadOnlyList<AttributeDescription> Attributes { get; init; } = [];

    /// <summary>The name of each class; empty where they are not known.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>What a user should know of how the data were read, in sentences; empty where there is nothing to say.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
