using DistillSharp.Torch;

namespace DistillSharp.Export;

/// <summary>Sums, products and functions of each element; with the forms in place, whose result is their first argument's new value.</summary>
internal static class ArithmeticConverters
{
    public static IEnumerable<KeyValuePair<string, Action<OperatorConversion>>> All { get; } =
    [
        .. Binary("Add", Operands, "add.Tensor", "add_.Tensor"),
        .. Binary("Add", WithScalar, "add.Scalar", "add_.Scalar"),
        .. Binary("Sub", Operands, "sub.Tensor", "sub_.Tensor"),
        .. Binary("Sub", WithScalar, "sub.Scalar"),
        .. Binary("Mul", Operands, "mul.Tensor", "mul_.Tensor"),
        .. Binary("Mul", WithScalar, "mul.Scalar", "mul_.Scalar"),
        .. Binary("Div", Operands, "div.Tensor", "div_.Tensor"),
        .. Binary("Div", WithScalar, "div.Scalar", "div_.Scalar"),
        new("maximum", c => c.Give(c.Node("Max", Operands(c)))),
        new("minimum", c => c.Give(c.Node("Min", Operands(c)))),
        new("rsub.Scalar", ReverseSubtract),
        new("neg", Unary("Neg")),
        new("neg_", Unary("Neg")),
        new("abs", Unary("Abs")),
        new("exp", Unary("Exp")),
        new("log", Unary("Log")),
        new("sqrt", Unary("Sqrt")),
        new("reciprocal", Unary("Reciprocal")),
        new("rsqrt", c => c.Give(c.Node("Reciprocal", [c.Node("Sqrt", [c.Value("self")])]))),
        new("square", c => c.Give(c.Node("Mul", [c.Value("self"), c.Value("self")]))),
        new("pow.Tensor_Scalar", c => c.Give(c.Node("Pow", [c.Value("self"), c.Scalar(c.Number("exponent"))]))),
        new("sin", Unary("Sin")),
        new("cos", Unary("Cos")),
        new("floor", Unary("Floor")),
    ];

    /// <summary>A converter of <c>f(self)</c>.</summary>
    public static Action<OperatorConversion> Unary(string op) => c => c.Give(c.Node(op, [c.Value("self")]));

    private static IEnumerable<KeyValuePair<string, Action<OperatorConversion>>> Binary(string op, Func<OperatorConversion, string[]> operands, params string[] names) =>
        names.Select(name => KeyValuePair.Create(name, (Action<OperatorConversion>)(c => c.Give(c.Node(op, operands(c))))));

    // add and sub scale their second operand: self + alpha * other.
    private static string[] Operands(OperatorConversion c)
    {
        SameType(c, c.Tensor("self").DType, c.Tensor("other").DType);
        string other = c.Value("other");
        return [c.Value("self"), Alpha(c) is 1 ? other : c.Node("Mul", [other, c.Scalar(Alpha(c))])];
    }

    private static string[] WithScalar(OperatorConversion c)
    {
        SameType(c, c.Tensor("self").DType, c.Result().DType);
        return [c.Value("self"), c.Scalar(Alpha(c) * c.Number("other"))];
    }

    private static void ReverseSubtract(OperatorConversion c)
    {
        SameType(c, c.Tensor("self").DType, c.Result().DType);
        string self = c.Value("self");
        c.Give(c.Node("Sub", [c.Scalar(c.Number("other")), Alpha(c) is 1 ? self : c.Node("Mul", [self, c.Scalar(Alpha(c))])]));
    }

    private static double Alpha(OperatorConversion c) => c.HasArgument("alpha") ? c.Number("alpha") : 1;

    private static void SameType(OperatorConversion c, DType first, DType second) =>
        c.Require(first == second && first.IsFloatingPoint(), $"it takes {first} and {second}; numbers of one floating-point type are supported");
}
