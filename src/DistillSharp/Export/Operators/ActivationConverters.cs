namespace DistillSharp.Export;

/// <summary>Activations.</summary>
internal static class ActivationConverters
{
    public static IEnumerable<KeyValuePair<string, Action<OperatorConversion>>> All { get; } =
    [
        new("relu", ArithmeticConverters.Unary("Relu")),
        new("relu_", ArithmeticConverters.Unary("Relu")),
        new("sigmoid", ArithmeticConverters.Unary("Sigmoid")),
        new("tanh", ArithmeticConverters.Unary("Tanh")),
        new("leaky_relu", c => c.Give(c.Node("LeakyRelu", [c.Value("self")], ("alpha", c.Number("negative_slope"))))),
        new("silu", c => c.Give(c.Node("Mul", [c.Value("self"), c.Node("Sigmoid", [c.Value("self")])]))),
        new("softplus", Softplus),
        new("gelu", Gelu),
        new("hardtanh", c => Clip(c, c.Number("min_val"), c.Number("max_val"))),
        new("clamp", c => Clip(c, c.OptionalNumber("min"), c.OptionalNumber("max"))),
        new("clamp_", c => Clip(c, c.OptionalNumber("min"), c.OptionalNumber("max"))),
        new("clamp_min", c => Clip(c, c.Number("min"), null)),
        new("clamp_max", c => Clip(c, null, c.Number("max"))),
        new("dropout", Dropout),
        new("softmax.int", c => Softmax(c, "Softmax")),
        new("log_softmax.int", c => Softmax(c, "LogSoftmax")),
    ];

    private static void Clip(OperatorConversion c, double? min, double? max) =>
        c.Give(c.Node("Clip", [c.Value("self"), min is { } low ? c.Scalar(low) : "", max is { } high ? c.Scalar(high) : ""]));

    private static void Softplus(OperatorConversion c)
    {
        double beta = c.Number("beta");
        string scaled = beta == 1 ? c.Value("self") : c.Node("Mul", [c.Value("self"), c.Scalar(beta)]);
        string soft = c.Node("Softplus", [scaled]);
        c.Give(beta == 1 ? soft : c.Node("Div", [soft, c.Scalar(beta)]));
    }

    // x/2 (1 + erf(x / sqrt 2)): ONNX has an operator for it only from its set 20 on.
    private static void Gelu(OperatorConversion c)
    {
        c.Require(c.Text("approximate") == "none", "only the exact form (with erf) is supported");
        string erf = c.Node("Erf", [c.Node("Div", [c.Value("self"), c.Scalar(Math.Sqrt(2))])]);
        string product = c.Node("Mul", [c.Value("self"), c.Node("Add", [erf, c.Scalar(1)])]);
        c.Give(c.Node("Mul", [product, c.Scalar(0.5)]));
    }

    private static void Dropout(OperatorConversion c)
    {
        c.Require(!c.Flag("train"), "it drops at random; evaluate the network in evaluation mode");
        c.Give(c.Value("input"));
    }

    private static void Softmax(OperatorConversion c, string op)
    {
        c.Require(c.Result().DType == c.Tensor("self").DType, "it changes the type of its elements");
        c.Give(c.Node(op, [c.Value("self")], ("axis", (long)c.Dimension("dim", c.Rank("self")))));
    }
}
