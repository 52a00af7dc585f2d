namespace DistillSharp.Torch.Serialization;

/// <summary>A tensor of a PyTorch file, not read yet: a view of a storage, checked to lie within it.</summary>
public sealed class StoredTensor
{
    internal StoredTensor(StorageReference storage, long offset, long[] shape, long[] strides, long count)
    {
        Storage = storage;
        Offset = offset;
        Shape = shape;
        Strides = strides;
        ElementCount = count;
    }

    /// <summary>The type of its elements.</summary>
    public DType DType => Storage.DType;

    /// <summary>The sizes of its dimensions; none for a single number.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>How many elements it has.</summary>
    public long ElementCount { get; }

    internal StorageReference Storage { get; }

    /// <summary>The storage's element at which the view begins.</summary>
    internal long Offset { get; }

    /// <summary>How many elements of the storage lie between neighbours, for each dimension; 0 where a dimension repeats.</summary>
    internal IReadOnlyList<long> Strides { get; }
}
