namespace DistillSharp.Torch;

/// <summary>The type of a tensor's elements; the numbers are ATen's.</summary>
public enum DType
{
    /// <summary>Unsigned byte.</summary>
    UInt8 = 0,

    /// <summary>8-bit signed integer (read from files and converted; not computed with here).</summary>
    Int8 = 1,

    /// <summary>16-bit signed integer (read from files and converted; not computed with here).</summary>
    Int16 = 2,

    /// <summary>32-bit signed integer (read from files and converted; not computed with here).</summary>
    Int32 = 3,

    /// <summary>64-bit signed integer.</summary>
    Int64 = 4,

    /// <summary>16-bit IEEE float (read from files and converted; not computed with here).</summary>
    Float16 = 5,

    /// <summary>32-bit IEEE float.</summary>
    Float32 = 6,

    /// <summary>64-bit IEEE float.</summary>
    Float64 = 7,

    /// <summary>Truth value, one byte.</summary>
    Bool = 11,

    /// <summary>Brain float: the upper half of a 32-bit float.</summary>
    BFloat16 = 15,
}

/// <summary>How a tensor's elements lie in memory; the numbers are ATen's.</summary>
public enum MemoryFormat
{
    /// <summary>Row-major.</summary>
    Contiguous = 0,

    /// <summary>As the input lies.</summary>
    Preserve = 1,

    /// <summary>Channels innermost (NHWC in memory, NCHW in shape).</summary>
    ChannelsLast = 2,
}

/// <summary>Sizes and names of the element types.</summary>
public static class DTypes
{
    /// <summary>Bytes an element takes.</summary>
    public static int Size(this DType dtype) => dtype switch
    {
        DType.UInt8 or DType.Int8 or DType.Bool => 1,
        DType.Float16 or DType.BFloat16 or DType.Int16 => 2,
        DType.Float32 or DType.Int32 => 4,
        DType.Int64 or DType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Not an element type of this engine."),
    };

    /// <summary>The element type that holds a C# type.</summary>
    /// <exception cref="NotSupportedException">No element type holds <typeparamref name="T"/>.</exception>
    public static DType Of<T>()
        where T : unmanaged =>
        typeof(T) == typeof(float) ? DType.Float32
        : typeof(T) == typeof(double) ? DType.Float64
        : typeof(T) == typeof(long) ? DType.Int64
        : typeof(T) == typeof(byte) ? DType.UInt8
        : typeof(T) == typeof(bool) ? DType.Bool
        : typeof(T) == typeof(Half) ? DType.Float16
        : throw new NotSupportedException($"No tensor holds elements of {typeof(T).Name}; there are float, double, long, byte, bool and Half.");

    /// <summary>True for the floating-point types.</summary>
    public static bool IsFloatingPoint(this DType dtype) => dtype is DType.Float32 or DType.Float64 or DType.BFloat16 or DType.Float16;
}
