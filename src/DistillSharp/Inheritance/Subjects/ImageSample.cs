using DistillSharp.Data;
using DistillSharp.Statistics;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// A fixed random part of a set: the same images for the same numbers, whatever the models.
/// Random, because files of test images are often sorted by class; fixed, because every model must see the same.
/// </summary>
internal sealed class ImageSample : IDisposable
{
    private const ulong Seed = 0;
    private const ulong PartSeed = 1;

    private readonly ImageSet _set;
    private readonly int[] _rows;

    /// <summary>Draws at most <paramref name="most"/> images without replacement, in ascending order of their index.</summary>
    public ImageSample(ImageSet set, int most)
        : this(set, Draw(set.Count, most, Seed))
    {
    }

    private ImageSample(ImageSet set, int[] rows)
    {
        using var scope = new TensorScope();
        _set = set;
        _rows = rows;
        Indices = Array.ConvertAll(rows, i => set.Indices[i]);
        Classes = Array.ConvertAll(rows, i => set.Classes[i]);
        Boxes = set.Boxes.Count == 0 ? [] : Array.ConvertAll(rows, i => set.Boxes[i]);
        Positions = Tensor.From(Array.ConvertAll(rows, i => (long)i)).Unscoped();
        Images = set.Images.IndexSelect(0, Positions.To(set.Images.Device)).Unscoped();
        Labels = set.Labels.IndexSelect(0, Positions.To(set.Labels.Device)).Unscoped();
    }

    /// <summary>The index in the data set of each image.</summary>
    public int[] Indices { get; }

    /// <summary>The true class of each image.</summary>
    public int[] Classes { get; }

    /// <summary>The box of each image, null for an image without one; empty where the set has none.</summary>
    public IReadOnlyList<ImageBox?> Boxes { get; }

    /// <summary>The rows of the set as Int64 <c>[n]</c> on the CPU, to pick rows of logits.</summary>
    public Tensor Positions { get; }

    /// <summary>The images <c>[n, C, H, W]</c>.</summary>
    public Tensor Images { get; }

    /// <summary>The true classes, Int64 <c>[n]</c>.</summary>
    public Tensor Labels { get; }

    /// <summary>How many images there are.</summary>
    public int Count => Indices.Length;

    /// <summary>A fixed random part of this sample with at most <paramref name="most"/> images; the caller disposes it.</summary>
    public ImageSample Part(int most) => new(_set, Array.ConvertAll(Draw(Count, most, PartSeed), i => _rows[i]));

    /// <summary>The sample as a set of its own, with copies of its tensors on the caller's scope.</summary>
    public ImageSet ToSet()
    {
        using var scope = new TensorScope();
        return new ImageSet(scope.Keep(Images.Clone()), scope.Keep(Labels.Clone()), Indices);
    }

    public void Dispose()
    {
        Positions.Dispose();
        Images.Dispose();
        Labels.Dispose();
    }

    private static int[] Draw(int count, int most, ulong seed)
    {
        int[] all = [.. Enumerable.Range(0, count)];
        if (most >= count)
        {
            return all;
        }

        var random = new Xoshiro256(seed);
        for (int i = 0; i < most; i++)
        {
            int other = i + random.NextIndex(count - i);
            (all[i], all[other]) = (all[other], all[i]);
        }

        int[] drawn = all[..most];
        Array.Sort(drawn);
        return drawn;
    }
}
