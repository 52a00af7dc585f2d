namespace DistillSharp.Export;

/// <summary>Sums, means and extremes over dimensions.</summary>
internal static class ReductionConverters
{
    public static IEnumerable<KeyValuePair<string, Action<OperatorConversion>>> All { get; } =
    [
        new("mean.dim", c => Reduce(c, "ReduceMean")),
        new("amax", c => Reduce(c, "ReduceMax")),
        new("amin", c => Reduce(c, "ReduceMin")),
        new("logsumexp", c => Reduce(c, "ReduceLogSumExp")),
        new("sum.dim_IntList", Sum),
    ];

    private static void Reduce(OperatorConversion c, string op)
    {
        SameType(c);
        c.Give(c.Node(op, [c.Value("self")], ("axes", c.Dimensions("dim", c.Rank("self"))), ("keepdims", KeepDimensions(c))));
    }

    // The one reduction whose dimensions are an input in this set of operators.
    private static void Sum(OperatorConversion c)
    {
        SameType(c);
        c.Give(c.Node("ReduceSum", [c.Value("self"), c.Graph.Constant(c.Dimensions("dim", c.Rank("self")))], ("keepdims", KeepDimensions(c))));
    }

    private static long KeepDimensions(OperatorConversion c) => c.Flag("keepdim") ? 1 : 0;

    private static void SameType(OperatorConversion c) =>
        c.Require(c.Result().DType == c.Tensor("self").DType, "it changes the type of its elements");
}
