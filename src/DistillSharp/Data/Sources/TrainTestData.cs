namespace DistillSharp.Data;

/// <summary>A data set in memory: what to train on, what to test on, and the training images' statistics.</summary>
/// <param name="Train">The training set, to be parted by <see cref="DatasetSplit"/>.</param>
/// <param name="Test">The test set: for final figures only.</param>
/// <param name="Normalization">What a classifier normalises by.</param>
/// <param name="Fingerprint">Identifies the content: the same for the same data wherever they lie and however they are packed.</param>
public sealed record TrainTestData(ImageDataset Train, ImageDataset Test, Normalization Normalization, string Fingerprint) : IDisposable
{
    /// <summary>What a user should know of how it was read, in sentences: files left out, say. Empty where there is nothing to say.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }
}
