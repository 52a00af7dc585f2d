using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>
/// A training set parted in two by a seed: what models are trained on, and what choices are made on. The test set has no part in it.
/// </summary>
/// <remarks>
/// Both parts are stratified: each holds every class in its proportion, rounded by largest remainders (off by less than one
/// image a class; equal remainders are settled by the seed). Only where a part has fewer images than there are classes are
/// classes missing from it, necessarily. The validation part is taken first: it does not depend on the limit of the training part.
/// Indices ascend, so an image's position in the training part, 0 to M - 1, is the same whenever data, seed and sizes are:
/// memory banks (CRD) are indexed by it.
/// </remarks>
public sealed class DatasetSplit : IDisposable
{
    private DatasetSplit(long[] train, long[] validation, Device device)
    {
        using var scope = new TensorScope();
        Train = Tensor.From(train).To(device).Unscoped();
        Validation = Tensor.From(validation).To(device).Unscoped();
        TrainCount = train.Length;
        ValidationCount = validation.Length;
    }

    /// <summary>The training part: Int64 [M], indices of the training set, ascending.</summary>
    public Tensor Train { get; }

    /// <summary>The validation part: Int64 [V], indices of the training set, ascending; empty where none was asked for.</summary>
    public Tensor Validation { get; }

    /// <summary>M.</summary>
    public int TrainCount { get; }

    /// <summary>V.</summary>
    public int ValidationCount { get; }

    /// <summary>Parts a training set.</summary>
    /// <param name="training">The training set, whole.</param>
    /// <param name="validationCount">Images to hold out; 0 for none.</param>
    /// <param name="seed">The same seed gives the same parts.</param>
    /// <param name="trainLimit">At most so many images to train on; null for all that remain.</param>
    /// <exception cref="ArgumentOutOfRangeException">Nothing would remain to train on, or a count is negative.</exception>
    public static DatasetSplit Create(ImageDataset training, int validationCount, ulong seed, int? trainLimit = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(validationCount);
        if (validationCount >= training.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(validationCount), validationCount, $"{training.Name} has {training.Count} training images; a validation part of {validationCount} leaves none to train on.");
        }

        if (trainLimit < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(trainLimit), trainLimit, "At least one image is needed to train on.");
        }

        SeededRandom random = new SeedStream(seed).Random("split");
        List<long>[] remaining = ShuffledByClass(training, random);
        long[] validation = Take(remaining, validationCount, random);
        int left = training.Count - validationCount;
        long[] train = Take(remaining, Math.Min(trainLimit ?? left, left), random);
        return new DatasetSplit(train, validation, training.Device);
    }

    /// <summary>A part of a set of images that holds every class in its proportion, drawn by a seed: the indices, ascending.</summary>
    /// <param name="images">The set, whole. Its order does not decide which classes are drawn, so it may be sorted by class.</param>
    /// <param name="count">How many images to draw; with all of them the seed does not matter.</param>
    /// <param name="seed">The same seed draws the same images.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1 or more than there are.</exception>
    public static long[] Draw(ImageDataset images, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, images.Count);
        SeededRandom random = new SeedStream(seed).Random("draw");
        return Take(ShuffledByClass(images, random), count, random);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Validation.Dispose();
    }

    private static List<long>[] ShuffledByClass(ImageDataset images, SeededRandom random)
    {
        var byClass = new List<long>[images.ClassNames.Count];
        for (int c = 0; c < byClass.Length; c++)
        {
            byClass[c] = [];
        }

        ReadOnlySpan<long> labels = images.HostLabels;
        foreach (long index in random.Permutation(images.Count))
        {
            byClass[labels[(int)index]].Add(index);
        }

        return byClass;
    }

    // Takes images off the end of each class's list: its share by the largest-remainder method, in whole numbers throughout.
    private static long[] Take(List<long>[] remaining, int count, SeededRandom random)
    {
        long total = remaining.Sum(c => (long)c.Count);
        int[] quota = Array.ConvertAll(remaining, c => (int)((long)c.Count * count / total));
        long[] order = random.Permutation(remaining.Length);
        IEnumerable<long> byRemainder = order.OrderByDescending(c => (long)remaining[c].Count * count % total);
        foreach (long c in byRemainder.Take(count - quota.Sum()))
        {
            quota[c]++;
        }

        var taken = new List<long>(count);
        for (int c = 0; c < remaining.Length; c++)
        {
            int start = remaining[c].Count - quota[c];
            taken.AddRange(remaining[c][start..]);
            remaining[c].RemoveRange(start, quota[c]);
        }

        taken.Sort();
        return [.. taken];
    }
}
