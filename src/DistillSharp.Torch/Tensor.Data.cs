using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch;

/// <content>Elements in and out.</content>
public sealed unsafe partial class Tensor
{
    /// <summary>Where the elements begin, on the tensor's device; null where there are none.</summary>
    internal void* Data
    {
        get
        {
            void* data;
            Native.Check(Native.TensorData(Handle, &data));
            GC.KeepAlive(this);
            return data;
        }
    }

    /// <summary>A tensor with a copy of the elements.</summary>
    /// <param name="elements">Row-major elements; their number is the product of <paramref name="shape"/>.</param>
    /// <param name="shape">The sizes; one dimension where none is given.</param>
    /// <exception cref="ArgumentException">The number of elements does not match the shape.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> elements, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        long count = 1;
        foreach (long size in shape)
        {
            count = size < 0 || count < 0 || (size > 0 && count > long.MaxValue / size) ? -1 : count * size;
        }

        if (shape.Length > 0 && count != elements.Length)
        {
            throw new ArgumentException($"The shape [{string.Join(", ", shape.ToArray())}] holds {(count < 0 ? "no possible number of" : count)} elements; {elements.Length} were given.", nameof(shape));
        }

        Tensor tensor = Operators.Empty(shape.Length > 0 ? shape : [elements.Length], DTypes.Of<T>());
        elements.CopyTo(tensor.AsSpan<T>());
        return tensor;
    }

    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, ReadOnlySpan{long})"/>
    public static Tensor From<T>(T[] elements, params ReadOnlySpan<long> shape)
        where T : unmanaged => From((ReadOnlySpan<T>)elements, shape);

    /// <summary>A tensor of one number, without dimensions.</summary>
    public static Tensor Of(double value, DType dtype = DType.Float32, Device? device = null) => Operators.Full([], value, dtype, device);

    /// <summary>
    /// The elements in place, without a copy; what is written is seen by every operator. The span does not keep the tensor alive:
    /// it is valid while a scope or a variable that is used later holds the tensor, and until an operator resizes it.
    /// </summary>
    /// <typeparam name="T">The element type's C# type (<see cref="DTypes.Of{T}"/>); truth values can also be seen as bytes.</typeparam>
    /// <exception cref="InvalidOperationException">The tensor is not on the CPU, not contiguous, or holds another type.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        if (Device.IsCuda || !IsContiguous || (DType != DTypes.Of<T>() && !(typeof(T) == typeof(byte) && DType == DType.Bool)))
        {
            throw new InvalidOperationException($"{this} {(IsContiguous ? "" : "(not contiguous) ")}cannot be seen as a span of {typeof(T).Name}; use ToArray, or convert and call Contiguous first.");
        }

        return new Span<T>(Data, SpanLength(ElementCount));
    }

    /// <summary>The bytes of the elements in place (CPU, contiguous); valid as long as what <see cref="AsSpan"/> gives.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not on the CPU or not contiguous.</exception>
    public Span<byte> AsBytes()
    {
        if (Device.IsCuda || !IsContiguous)
        {
            throw new InvalidOperationException($"The bytes of {this} do not lie in one piece of the CPU's memory.");
        }

        return new Span<byte>(Data, SpanLength(ElementCount * DType.Size()));
    }

    /// <summary>A row-major copy of the elements, converted to <typeparamref name="T"/>.</summary>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        using var scope = new TensorScope();
        return Detach().To(DTypes.Of<T>(), Device.Cpu).Contiguous().AsSpan<T>().ToArray();
    }

    /// <summary>The only element, as a number. On a CUDA device this waits for the device.</summary>
    /// <exception cref="InvalidOperationException">There is not exactly one element.</exception>
    public double Item()
    {
        if (ElementCount != 1)
        {
            throw new InvalidOperationException($"{this} has {ElementCount} elements; Item reads a tensor of one.");
        }

        double value = DType == DType.Float64 && !Device.IsCuda && IsContiguous ? AsSpan<double>()[0] : ToArray<double>()[0];
        GC.KeepAlive(this);
        return value;
    }

    /// <summary>The tensor converted to another type and device; the same memory where nothing changes.</summary>
    public Tensor To(DType dtype, Device? device = null) => To(dtype, device, nonBlocking: false);

    /// <summary>The tensor on another device; the same memory where nothing changes.</summary>
    public Tensor To(Device device) => To(null, device, nonBlocking: false);

    private int SpanLength(long length) => length <= int.MaxValue
        ? (int)length
        : throw new InvalidOperationException($"{this} is too long for one span ({length} elements or bytes, at most {int.MaxValue}); take it in parts with Rows.");
}
