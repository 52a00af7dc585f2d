namespace DistillSharp.Export;

/// <summary>From ATen's operators to what writes them as ONNX's.</summary>
internal static class OperatorConverters
{
    private static readonly Dictionary<string, Action<OperatorConversion>> s_all = new(
    [
        .. ArithmeticConverters.All,
        .. ActivationConverters.All,
        .. ConvolutionConverters.All,
        .. PoolingConverters.All,
        .. NormalizationConverters.All,
        .. ProductConverters.All,
        .. ReductionConverters.All,
        .. ShapeConverters.All,
        .. SelectionConverters.All,
    ]);

    /// <summary>The operators that can be exported, in ATen's notation.</summary>
    public static IReadOnlyCollection<string> Operators => s_all.Keys;

    /// <summary>What writes an operator; null where nothing does.</summary>
    public static Action<OperatorConversion>? Find(string name) => s_all.GetValueOrDefault(name);
}
