using DistillSharp.Torch;

namespace DistillSharp.Export;

/// <summary>Batch and layer norms.</summary>
internal static class NormalizationConverters
{
    public static IEnumerable<KeyValuePair<string, Action<OperatorConversion>>> All { get; } =
    [
        new("batch_norm", BatchNorm),
        new("layer_norm", LayerNorm),
    ];

    private static void BatchNorm(OperatorConversion c)
    {
        c.Require(!c.Flag("training") && c.Has("running_mean") && c.Has("running_var"), "it normalises by the batch; only running statistics are supported");
        long channels = c.FixedSize(c.Tensor("input"), 1);
        string scale = c.Has("weight") ? c.Value("weight") : Filled(c, [channels], 1);
        string bias = c.Has("bias") ? c.Value("bias") : Filled(c, [channels], 0);
        c.Give(c.Node("BatchNormalization", [c.Value("input"), scale, bias, c.Value("running_mean"), c.Value("running_var")], ("epsilon", c.Number("eps"))));
    }

    private static void LayerNorm(OperatorConversion c)
    {
        long[] shape = c.Integers("normalized_shape");
        string scale = c.Has("weight") ? c.Value("weight") : Filled(c, shape, 1);
        string[] inputs = c.Has("bias") ? [c.Value("input"), scale, c.Value("bias")] : [c.Value("input"), scale];
        c.Give(c.Node("LayerNormalization", inputs, ("axis", (long)-shape.Length), ("epsilon", c.Number("eps"))));
    }

    private static string Filled(OperatorConversion c, long[] shape, float value)
    {
        c.Require(c.Result().DType == DType.Float32, "a norm without weights is supported for Float32 only");
        var elements = new float[shape.Aggregate(1L, (product, size) => product * size)];
        Array.Fill(elements, value);
        return c.Graph.Add(OnnxTensor.Of(c.Graph.Unused("constant"), DType.Float32, shape, elements));
    }
}
