using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>
/// The batches of a subset of a data set, by position: batch b of epoch e is the same whatever was asked before, so a run
/// resumes anywhere. Batches are put together by whole-batch operations on the data set's device, without waiting for it.
/// One thread at a time.
/// </summary>
public sealed class BatchStream : IDisposable
{
    private readonly ImageDataset _data;
    private readonly Tensor _subset;
    private readonly SeedStream _seeds;
    private readonly bool _shuffled;
    private readonly Augmentation _augmentation;
    private readonly bool _mix;
    private Tensor? _order;
    private int _orderedEpoch = -1;

    private BatchStream(ImageDataset data, Tensor? subset, int batchSize, ulong seed, bool shuffled, bool dropLast, Augmentation augmentation, bool mix = false, int? epochImages = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        Count = checked((int)(subset?.ElementCount ?? data.Count));
        BatchSize = batchSize;
        int images = Math.Min(Count, epochImages ?? Count);
        BatchCount = dropLast ? images / batchSize : (images + batchSize - 1) / batchSize;
        if (BatchCount == 0)
        {
            throw new ArgumentException($"{Count} images of {data.Name} give no batch of {batchSize}; ask for smaller batches or more images.", nameof(batchSize));
        }

        _data = data;
        _seeds = new SeedStream(seed);
        _shuffled = shuffled;
        _augmentation = augmentation;
        _mix = mix;
        _augmentation.Check(data.Channels);
        using var scope = new TensorScope();
        _subset = (subset?.Clone() ?? Operators.Arange(Count, DType.Int64, data.Device)).Unscoped();
    }

    /// <summary>How many images the subset has: M.</summary>
    public int Count { get; }

    /// <summary>Images in a batch; the last may have fewer where it is kept.</summary>
    public int BatchSize { get; }

    /// <summary>Batches in an epoch.</summary>
    public int BatchCount { get; }

    /// <summary>Batches to train on: in a new order every epoch, augmented, the last partial batch left out unless asked for.</summary>
    /// <param name="data">The data set; it must outlive the stream.</param>
    /// <param name="subset">Int64 [M], indices of the data set on its device (copied); null for all of it.</param>
    /// <param name="batchSize">Images in a batch.</param>
    /// <param name="seed">Order and augmentation follow from it.</param>
    /// <param name="augmentation">What is done to the images; null for nothing.</param>
    /// <param name="dropLast">False to keep the last batch where it is smaller than the others.</param>
    /// <param name="mix">
    /// True to mix every image with another of its batch, by a weight drawn evenly from 0 to 1 (mixup, Zhang et al. 2018, with a
    /// uniform weight): mixed images have no label, they are the teacher's to answer.
    /// </param>
    /// <param name="epochImages">How many images an epoch takes, each epoch others; null for all.</param>
    /// <exception cref="ArgumentException">There are fewer images than one batch takes, or the images have no colour to change.</exception>
    public static BatchStream ForTraining(ImageDataset data, Tensor? subset, int batchSize, ulong seed, Augmentation? augmentation = null, bool dropLast = true, bool mix = false, int? epochImages = null) =>
        new(data, subset, batchSize, seed, shuffled: true, dropLast, augmentation ?? Augmentation.None, mix, epochImages);

    /// <summary>Batches to evaluate on: every image once, in the subset's order, as it is.</summary>
    /// <param name="data">The data set; it must outlive the stream.</param>
    /// <param name="subset">Int64 [M], indices of the data set on its device (copied); null for all of it.</param>
    /// <param name="batchSize">Images in a batch.</param>
    /// <exception cref="ArgumentException">There are no images.</exception>
    public static BatchStream ForEvaluation(ImageDataset data, Tensor? subset, int batchSize) =>
        new(data, subset, batchSize, seed: 0, shuffled: false, dropLast: false, Augmentation.None);

    /// <summary>The order of an epoch: positions in the subset, each of 0 to M - 1 once; batch b is its b-th stretch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    public long[] Epoch(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        if (_shuffled)
        {
            return _seeds.Random("order", epoch).Permutation(Count);
        }

        var order = new long[Count];
        for (int i = 0; i < Count; i++)
        {
            order[i] = i;
        }

        return order;
    }

    /// <summary>One batch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="batch">The batch, from 0 to <see cref="BatchCount"/> - 1.</param>
    public ImageBatch Batch(int epoch, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(batch, BatchCount);
        using var scope = new TensorScope();
        long start = (long)batch * BatchSize;
        Tensor positions = Ordered(epoch).Rows(start, Math.Min(start + BatchSize, Count));
        Tensor indices = _subset.IndexSelect(0, positions);
        Tensor bytes = _data.Images.IndexSelect(0, indices);
        Tensor images = _augmentation.Apply(bytes, _seeds.Derive("augmentation", epoch, batch));

        Tensor labels = _data.Labels.IndexSelect(0, indices);
        if (_mix)
        {
            images = Mixed(images, _seeds.Random("mixup", epoch, batch));
            labels.FillInPlace(ImageDataset.NoLabel);
        }

        // A copy, so that nobody can change the order through the batch.
        return new ImageBatch(scope.Keep(images), scope.Keep(labels), scope.Keep(positions.Clone()), epoch, batch, _mix || _data.HasUnlabelled);
    }

    /// <summary>Images of the subset as they are, without augmentation: UInt8 [end - start, C, H, W], in the order of the sample indices.</summary>
    /// <param name="start">The first sample index.</param>
    /// <param name="end">One more than the last.</param>
    public Tensor Originals(long start, long end) => _data.Images.IndexSelect(0, _subset.Rows(start, end));

    /// <summary>The classes of the whole subset: Int64 [M], in the order of the sample indices.</summary>
    public Tensor Labels() => _data.Labels.IndexSelect(0, _subset);

    /// <inheritdoc/>
    public void Dispose()
    {
        _order?.Dispose();
        _order = null;
        _orderedEpoch = -1;
        _subset.Dispose();
    }

    private static Tensor Mixed(Tensor images, SeededRandom random)
    {
        long count = images.Size(0);
        float[] shares = new float[count];
        for (int i = 0; i < shares.Length; i++)
        {
            shares[i] = (float)random.NextDouble(0, 1);
        }

        Tensor partners = Tensor.From(random.Permutation((int)count)).To(null, images.Device, nonBlocking: true);
        Tensor share = Tensor.From(shares, count, 1, 1, 1).To(null, images.Device, nonBlocking: true);
        Tensor others = images.IndexSelect(0, partners);
        return others + ((images - others) * share);
    }

    // The last epoch's order is kept: it is what the next batch most likely needs, and a function of the epoch alone.
    private Tensor Ordered(int epoch)
    {
        if (_order is null || (_shuffled && _orderedEpoch != epoch))
        {
            Tensor order = Tensor.From(Epoch(epoch)).To(null, _data.Device, nonBlocking: true).Unscoped();
            _order?.Dispose();
            (_order, _orderedEpoch) = (order, epoch);
        }

        return _order;
    }
}
