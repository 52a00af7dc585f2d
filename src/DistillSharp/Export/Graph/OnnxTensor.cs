using System.Runtime.InteropServices;
using DistillSharp.Torch;

namespace DistillSharp.Export;

/// <summary>A constant of the graph: an initialiser.</summary>
/// <param name="Name">Its name; weights have PyTorch's.</param>
/// <param name="ElementType">One of <see cref="OnnxElementType"/>'s numbers.</param>
/// <param name="Shape">The sizes; none for a single number.</param>
/// <param name="ByteCount">How many bytes the elements take.</param>
/// <param name="Bytes">The elements, row-major, little endian; read when the file is written.</param>
internal sealed record OnnxTensor(string Name, int ElementType, IReadOnlyList<long> Shape, long ByteCount, Func<ReadOnlyMemory<byte>> Bytes)
{
    /// <summary>A tensor's elements; the tensor has to live until the file is written.</summary>
    public static OnnxTensor Of(string name, TracedTensor tensor) => new(
        name,
        OnnxElementType.Of(tensor.DType),
        tensor.Shape,
        tensor.Value.ElementCount * tensor.DType.Size(),
        () => Copy(tensor.Value));

    /// <summary>Numbers of one of .NET's types.</summary>
    public static OnnxTensor Of<T>(string name, DType type, IReadOnlyList<long> shape, T[] elements)
        where T : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(elements.AsSpan()).ToArray();
        return new(name, OnnxElementType.Of(type), shape, bytes.Length, () => bytes);
    }

    /// <summary>A tensor's elements as bytes, row-major.</summary>
    public static byte[] Copy(Tensor tensor)
    {
        using var scope = new TensorScope();
        return tensor.Detach().To(Device.Cpu).Contiguous().AsBytes().ToArray();
    }
}
