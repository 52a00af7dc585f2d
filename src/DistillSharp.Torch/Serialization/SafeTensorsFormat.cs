namespace DistillSharp.Torch.Serialization;

/// <summary>The constants of the format, and the names of its element types.</summary>
internal static class SafeTensorsFormat
{
    /// <summary>Bytes before the header: its length, little endian.</summary>
    public const int LengthBytes = 8;

    /// <summary>The longest header the format allows.</summary>
    public const long MaxHeaderBytes = 100_000_000;

    /// <summary>ATen's own limit.</summary>
    public const int MaxDimensions = 64;

    public const string MetadataName = "__metadata__";

    public const string SupportedTypes = "F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL";

    private static readonly string[] OtherTypes = ["U16", "U32", "U64", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F4", "F6_E2M3", "F6_E3M2", "C64"];

    public static DType? TypeOf(string name) => name switch
    {
        "F64" => DType.Float64,
        "F32" => DType.Float32,
        "F16" => DType.Float16,
        "BF16" => DType.BFloat16,
        "I64" => DType.Int64,
        "I32" => DType.Int32,
        "I16" => DType.Int16,
        "I8" => DType.Int8,
        "U8" => DType.UInt8,
        "BOOL" => DType.Bool,
        _ => null,
    };

    public static string? NameOf(DType dtype) => dtype switch
    {
        DType.Float64 => "F64",
        DType.Float32 => "F32",
        DType.Float16 => "F16",
        DType.BFloat16 => "BF16",
        DType.Int64 => "I64",
        DType.Int32 => "I32",
        DType.Int16 => "I16",
        DType.Int8 => "I8",
        DType.UInt8 => "U8",
        DType.Bool => "BOOL",
        _ => null,
    };

    /// <summary>True for a type of the format that this engine has no elements for.</summary>
    public static bool IsOtherType(string name) => Array.IndexOf(OtherTypes, name) >= 0;

    /// <summary>The bytes of a shape; null where the number does not fit, or would not with the empty dimensions taken as one.</summary>
    public static long? ByteCount(IReadOnlyList<long> shape, DType dtype)
    {
        try
        {
            long count = 1;
            long widest = dtype.Size();
            foreach (long size in shape)
            {
                count = checked(count * size);
                widest = checked(widest * Math.Max(size, 1));
            }

            return count == 0 ? 0 : widest;
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
