namespace DistillSharp.Data.Derived;

/// <summary>The random numbers of the images of one part: each image has its own, whatever other images there are.</summary>
/// <param name="Purpose">What they are for; different purposes have unrelated numbers.</param>
/// <param name="Seed">The seed of the data set.</param>
/// <param name="Part">0 for training images, 1 for test images.</param>
internal sealed record ImageDraws(string Purpose, ulong Seed, int Part)
{
    /// <summary>The numbers of something else that is drawn for the same images.</summary>
    public ImageDraws For(string purpose) => this with { Purpose = $"{Purpose}/{purpose}" };

    /// <summary>The numbers of an image.</summary>
    /// <param name="index">Its index in the part of the data set that it is made from.</param>
    public SeededRandom Image(int index) => new SeedStream(Seed).Random(Purpose, Part, index);
}
