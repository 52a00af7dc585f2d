namespace DistillSharp.Torch.Serialization;

/// <summary>The two ways in which a file holds an object and the storages of its tensors.</summary>
internal interface IStorageContainer
{
    /// <summary>The object.</summary>
    object? Root { get; }

    /// <summary>The bytes of a storage that the object names, with their checksum where the container has one.</summary>
    (Stream Stream, uint? Checksum) Open(StorageReference storage);
}
