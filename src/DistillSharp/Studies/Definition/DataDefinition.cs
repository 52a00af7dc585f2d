namespace DistillSharp.Studies;

/// <summary>The data that a study trains and measures on.</summary>
/// <param name="Name">The data set's name in the catalogue.</param>
/// <param name="Path">The folder with its files, absolute; null for the usual place.</param>
/// <param name="Fingerprint">Identifies the content of the files, wherever they lie.</param>
/// <param name="Train">Training images used, at least 1.</param>
/// <param name="Validation">Images split off the training set (never the test set); 0 for none.</param>
/// <param name="SplitSeed">Seed of the draw that splits training and validation images, at least 0.</param>
/// <param name="Test">Test images that the analyses use, at least 1.</param>
/// <param name="Augmentation">How training images are changed at random.</param>
public sealed record DataDefinition(
    string Name,
    string? Path,
    string Fingerprint,
    int Train,
    int Validation,
    int SplitSeed,
    int Test,
    AugmentationDefinition Augmentation)
{
    /// <summary>How the data set is read; nothing for a data set without options.</summary>
    public ReadingDefinition Reading { get; init; } = ReadingDefinition.Usual;
}
