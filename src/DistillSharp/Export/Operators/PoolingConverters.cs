namespace DistillSharp.Export;

/// <summary>Pooling of maps <c>[N, C, H, W]</c>.</summary>
internal static class PoolingConverters
{
    public static IEnumerable<KeyValuePair<string, Action<OperatorConversion>>> All { get; } =
    [
        new("max_pool2d", MaxPool),
        new("avg_pool2d", AveragePool),
        new("adaptive_avg_pool2d", AdaptiveAveragePool),
    ];

    private static void MaxPool(OperatorConversion c) =>
        c.Give(c.Node("MaxPool", [c.Value("self")], [.. Window(c), ("dilations", ConvolutionConverters.Pair(c.Integers("dilation")))]));

    private static void AveragePool(OperatorConversion c)
    {
        c.Require(c.OptionalInteger("divisor_override") is null, "a divisor of its own is not supported");
        c.Give(c.Node("AveragePool", [c.Value("self")], [.. Window(c), ("count_include_pad", c.Flag("count_include_pad") ? 1L : 0L)]));
    }

    private static OnnxAttribute[] Window(OperatorConversion c)
    {
        c.Require(!c.Flag("ceil_mode"), "windows that reach beyond the map (ceil_mode) are not supported");
        long[] kernel = ConvolutionConverters.Pair(c.Integers("kernel_size"));
        long[] stride = ConvolutionConverters.Pair(c.Integers("stride"));
        return [("kernel_shape", kernel), ("strides", stride.Length == 0 ? kernel : stride), ("pads", ConvolutionConverters.Pads(c.Integers("padding")))];
    }

    // Where the map is a whole number of windows, each result is a plain mean; ONNX has nothing for uneven windows.
    private static void AdaptiveAveragePool(OperatorConversion c)
    {
        long[] size = ConvolutionConverters.Pair(c.Integers("output_size"));
        long[] map = [.. new[] { 2, 3 }.Select(d => c.FixedSize(c.Tensor("self"), d))];
        if (map.SequenceEqual(size))
        {
            c.Give(c.Value("self"));
        }
        else if (size is [1, 1])
        {
            c.Give(c.Node("GlobalAveragePool", [c.Value("self")]));
        }
        else
        {
            c.Require(
                map[0] % size[0] == 0 && map[1] % size[1] == 0,
                $"maps of {map[0]}x{map[1]} cannot be parted evenly into {size[0]}x{size[1]}; choose images whose maps can, or of which every map is {size[0]}x{size[1]}");
            long[] window = [map[0] / size[0], map[1] / size[1]];
            c.Give(c.Node("AveragePool", [c.Value("self")], ("kernel_shape", window), ("strides", window)));
        }
    }
}
