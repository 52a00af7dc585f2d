using DistillSharp.Torch;

namespace DistillSharp.Export;

/// <summary>The numbers of onnx.proto's <c>TensorProto.DataType</c>.</summary>
internal static class OnnxElementType
{
    public const int Float32 = 1;
    public const int Int64 = 7;

    /// <summary>ONNX's number for an element type.</summary>
    public static int Of(DType dtype) => dtype switch
    {
        DType.Float32 => Float32,
        DType.UInt8 => 2,
        DType.Int8 => 3,
        DType.Int16 => 5,
        DType.Int32 => 6,
        DType.Int64 => Int64,
        DType.Bool => 9,
        DType.Float16 => 10,
        DType.Float64 => 11,
        DType.BFloat16 => 16,
        _ => throw new OnnxExportException($"Tensors of {dtype} cannot be exported to ONNX."),
    };
}
