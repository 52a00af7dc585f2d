using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Every method writes its arguments' and results' space on the stack before it reads it.
[module: SkipLocalsInit]

namespace DistillSharp.Torch.Internal;

/// <summary>One argument or result of an operator, laid out as the bridge's <c>ds_value</c>. The default value means "left out".</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct Value
{
    [FieldOffset(0)]
    private int _tag;

    [FieldOffset(4)]
    private int _count;

    [FieldOffset(8)]
    private long _integer;

    [FieldOffset(8)]
    private double _number;

    [FieldOffset(8)]
    private nint _pointer;

    private enum Tag
    {
        None = 1,
        Tensor = 2,
        Integer = 3,
        Number = 4,
        Boolean = 5,
        Integers = 6,
        Tensors = 9,
        OptionalTensors = 10,
        ScalarInteger = 11,
        ScalarNumber = 12,
        ScalarBoolean = 13,
        Device = 14,
        Text = 15,
        Generator = 16,
    }

    public static Value None => new() { _tag = (int)Tag.None };

    public readonly long Integer => _integer;

    public readonly double Number => _number;

    public static Value Of(Tensor tensor) => new() { _tag = (int)Tag.Tensor, _pointer = tensor.Handle };

    public static Value OfOptional(Tensor? tensor) => tensor is null ? None : Of(tensor);

    public static Value OfTensors(nint* handles, int count) => new() { _tag = (int)Tag.Tensors, _pointer = (nint)handles, _count = count };

    public static Value OfOptionalTensors(nint* handles, int count) => new() { _tag = (int)Tag.OptionalTensors, _pointer = (nint)handles, _count = count };

    public static Value OfIntegers(long* values, int count) => new() { _tag = (int)Tag.Integers, _pointer = (nint)values, _count = count };

    public static Value OfText(byte* text, int count) => new() { _tag = (int)Tag.Text, _pointer = (nint)text, _count = count };

    public static Value Of(long value) => new() { _tag = (int)Tag.Integer, _integer = value };

    public static Value Of(double value) => new() { _tag = (int)Tag.Number, _number = value };

    public static Value Of(bool value) => new() { _tag = (int)Tag.Boolean, _integer = value ? 1 : 0 };

    public static Value Of(Device device) => new() { _tag = (int)Tag.Device, _integer = device.Packed };

    public static Value Of(Generator generator) => new() { _tag = (int)Tag.Generator, _pointer = generator.Handle };

    public static Value Of(Scalar scalar) => scalar.Kind switch
    {
        Scalar.ScalarKind.Integer => new() { _tag = (int)Tag.ScalarInteger, _integer = scalar.IntegerValue },
        Scalar.ScalarKind.Boolean => new() { _tag = (int)Tag.ScalarBoolean, _integer = scalar.IntegerValue },
        _ => new() { _tag = (int)Tag.ScalarNumber, _number = scalar.NumberValue },
    };

    public static void Handles(ReadOnlySpan<Tensor> tensors, Span<nint> handles)
    {
        for (int i = 0; i < tensors.Length; i++)
        {
            handles[i] = (tensors[i] ?? throw new ArgumentNullException(nameof(tensors), $"Tensor {i} of the list is null.")).Handle;
        }
    }

    public static void OptionalHandles(ReadOnlySpan<Tensor?> tensors, Span<nint> handles)
    {
        for (int i = 0; i < tensors.Length; i++)
        {
            handles[i] = tensors[i]?.Handle ?? 0;
        }
    }

    /// <summary>
    /// Keeps tensors from being finalised before a native call has returned: whoever passes a span on still refers to the
    /// array behind it, and the array to every tensor. The call must stay a call, or the compiler drops the reference early.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static void KeepAlive(ReadOnlySpan<Tensor?> tensors)
    {
    }

    /// <summary>True where the operator's own default stands.</summary>
    public readonly bool IsLeftOut => _tag == 0;

    /// <summary>
    /// The value as an object: <typeparamref name="T"/> for a tensor, an array of it for a list, <c>long</c>, <c>double</c>, <c>bool</c>,
    /// <c>long[]</c>, <c>string</c>; null for None and for what has no number: devices and generators.
    /// </summary>
    /// <param name="tensor">From a tensor's handle to what stands for it.</param>
    public readonly object? Decode<T>(Func<nint, T> tensor)
        where T : class
    {
        switch ((Tag)_tag)
        {
            case Tag.Tensor:
                return tensor(_pointer);
            case Tag.Integer or Tag.ScalarInteger:
                return _integer;
            case Tag.Number or Tag.ScalarNumber:
                return _number;
            case Tag.Boolean or Tag.ScalarBoolean:
                return _integer != 0;
            case Tag.Integers:
                return new ReadOnlySpan<long>((void*)_pointer, _count).ToArray();
            case Tag.Text:
                return System.Text.Encoding.UTF8.GetString((byte*)_pointer, _count);
            case Tag.Tensors or Tag.OptionalTensors:
                var list = new T?[_count];
                for (int i = 0; i < list.Length; i++)
                {
                    nint handle = ((nint*)_pointer)[i];
                    list[i] = handle == 0 ? null : tensor(handle);
                }

                return list;
            default:
                return null;
        }
    }

    public readonly Tensor TakeTensor() => new(_pointer);

    public readonly Tensor[] TakeTensors()
    {
        var handles = (nint*)_pointer;
        try
        {
            var taken = new Tensor[_count];
            for (int i = 0; i < taken.Length; i++)
            {
                taken[i] = new Tensor(handles[i]);
            }

            return taken;
        }
        finally
        {
            Native.Free(handles);
        }
    }
}
