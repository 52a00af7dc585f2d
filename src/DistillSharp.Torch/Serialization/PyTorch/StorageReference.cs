namespace DistillSharp.Torch.Serialization;

/// <summary>What a pickle says of a storage: the elements that tensors are views of.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="DType">The type of its elements.</param>
/// <param name="Count">How many there are.</param>
internal sealed record StorageReference(string Key, DType DType, long Count)
{
    /// <summary>Bytes; the count was checked to allow it.</summary>
    public long Bytes => Count * DType.Size();
}
