namespace DistillSharp.Export;

/// <summary>Convolutions.</summary>
internal static class ConvolutionConverters
{
    public static IEnumerable<KeyValuePair<string, Action<OperatorConversion>>> All { get; } =
    [
        new("conv2d", c => c.Give(c.Node("Conv", Inputs(c), Attributes(c)))),
        new("conv_transpose2d.input", c => c.Give(c.Node("ConvTranspose", Inputs(c), [.. Attributes(c), ("output_padding", Pair(c.Integers("output_padding")))]))),
    ];

    /// <summary>One number for each of height and width.</summary>
    public static long[] Pair(long[] given) => given.Length == 1 ? [given[0], given[0]] : given;

    /// <summary>Padding above, left, below, right, as ONNX has it.</summary>
    public static long[] Pads(long[] padding) => [.. Pair(padding), .. Pair(padding)];

    private static string[] Inputs(OperatorConversion c) =>
        c.Has("bias") ? [c.Value("input"), c.Value("weight"), c.Value("bias")] : [c.Value("input"), c.Value("weight")];

    private static OnnxAttribute[] Attributes(OperatorConversion c) =>
    [
        ("kernel_shape", c.Tensor("weight").Shape.Skip(2).ToArray()),
        ("strides", Pair(c.Integers("stride"))),
        ("pads", Pads(c.Integers("padding"))),
        ("dilations", Pair(c.Integers("dilation"))),
        ("group", c.Integer("groups")),
    ];
}
