namespace DistillSharp.Torch.Serialization;

/// <summary>A dictionary of a PyTorch file, plain or ordered. A key that was set twice is there twice.</summary>
public sealed class PickledDictionary
{
    private readonly List<KeyValuePair<object?, object?>> _entries = [];

    internal PickledDictionary()
    {
    }

    /// <summary>The keys and values in the order in which they were set; the kinds of values are those of <see cref="PyTorchFile.Root"/>.</summary>
    public IReadOnlyList<KeyValuePair<object?, object?>> Entries => _entries;

    internal void Add(object? key, object? value) => _entries.Add(new(key, value));
}
