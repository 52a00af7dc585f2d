namespace DistillSharp.Export;

/// <summary>The same elements in another shape or order.</summary>
internal static class ShapeConverters
{
    public static IEnumerable<KeyValuePair<string, Action<OperatorConversion>>> All { get; } =
    [
        .. new[] { "view", "reshape", "flatten.using_ints", "unsqueeze", "squeeze.dim" }
            .Select(name => KeyValuePair.Create(name, (Action<OperatorConversion>)(c => c.Give(c.Reshaped(c.Value("self"), c.Shape(c.Result())))))),
        .. new[] { "contiguous", "clone", "detach", "alias" }
            .Select(name => KeyValuePair.Create(name, (Action<OperatorConversion>)(c => c.Give(c.Value("self"))))),
        new("to.dtype_layout", Cast),
        new("_to_copy", Cast),
        new("permute", c => Transpose(c, [.. c.Integers("dims").Select(d => (long)OperatorConversion.Counted(d, c.Rank("self")))])),
        new("transpose.int", c => Swap(c, c.Dimension("dim0", c.Rank("self")), c.Dimension("dim1", c.Rank("self")))),
        new("t", c => Swap(c, 0, c.Rank("self") - 1)),
        new("expand", c => c.Give(c.Node("Expand", [c.Value("self"), c.ShapeValue(c.Shape(c.Result()))]))),
        new("repeat", Repeat),
    ];

    private static void Cast(OperatorConversion c) => c.Give(
        c.Result().DType == c.Tensor("self").DType
            ? c.Value("self")
            : c.Node("Cast", [c.Value("self")], ("to", (long)OnnxElementType.Of(c.Result().DType))));

    private static void Swap(OperatorConversion c, int first, int second)
    {
        long[] order = [.. Enumerable.Range(0, c.Rank("self")).Select(d => (long)d)];
        (order[first], order[second]) = (order[second], order[first]);
        Transpose(c, order);
    }

    private static void Transpose(OperatorConversion c, long[] order) => c.Give(c.Node("Transpose", [c.Value("self")], ("perm", order)));

    private static void Repeat(OperatorConversion c)
    {
        long[] repeats = c.Integers("repeats");
        c.Require(repeats.Length == c.Rank("self"), "repeats that add dimensions are not supported");
        c.Give(c.Node("Tile", [c.Value("self"), c.Graph.Constant(repeats)]));
    }
}
