namespace DistillSharp.Torch.Serialization;

/// <summary>A list or set of a PyTorch file.</summary>
public sealed class PickledList
{
    private readonly List<object?> _items = [];

    internal PickledList()
    {
    }

    /// <summary>The items; a list may contain itself.</summary>
    public IReadOnlyList<object?> Items => _items;

    internal void Add(object? item) => _items.Add(item);
}
