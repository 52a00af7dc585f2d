namespace DistillSharp.Torch.Serialization;

/// <summary>What was read from a safetensors file.</summary>
/// <remarks>The tensors belong to the scope that was open when they were read; where there was none, <see cref="Dispose"/> frees them.</remarks>
public sealed class SafeTensorsContent : IDisposable
{
    internal SafeTensorsContent(OrderedDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (Tensors, Metadata) = (tensors, metadata);

    /// <summary>The tensors by name, in the header's order.</summary>
    public OrderedDictionary<string, Tensor> Tensors { get; }

    /// <summary>The header's free text; empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Frees every tensor that is still alive.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in Tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
