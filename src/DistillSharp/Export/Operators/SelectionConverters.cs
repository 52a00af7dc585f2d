using DistillSharp.Torch;

namespace DistillSharp.Export;

/// <summary>Parts of tensors, and tensors joined.</summary>
internal static class SelectionConverters
{
    public static IEnumerable<KeyValuePair<string, Action<OperatorConversion>>> All { get; } =
    [
        new("slice.Tensor", Slice),
        new("narrow", c => c.Give(Slice(c, c.Value("self"), c.Dimension("dim", c.Rank("self")), c.Integer("start"), c.Integer("start") + c.Integer("length")))),
        new("select.int", c => c.Give(Select(c, c.Integer("index")))),
        new("unbind.int", Unbind),
        new("chunk", Split),
        new("split.Tensor", Split),
        new("cat", c => c.Give(c.Node("Concat", c.Values("tensors"), ("axis", (long)c.Dimension("dim", c.Result().Shape.Count))))),
        new("stack", Stack),
        new("index_select", c => c.Give(c.Node("Gather", [c.Value("self"), c.Value("index")], ("axis", (long)c.Dimension("dim", c.Rank("self")))))),
        new("gather", c => c.Give(c.Node("GatherElements", [c.Value("self"), c.Value("index")], ("axis", (long)c.Dimension("dim", c.Rank("self")))))),
        new("flip", Flip),
        new("roll", Roll),
        new("constant_pad_nd", Pad),
    ];

    private static string Slice(OperatorConversion c, string value, int dimension, long start, long end, long step = 1) =>
        c.Node("Slice", [value, c.Graph.Constant(start), c.Graph.Constant(end), c.Graph.Constant(dimension), c.Graph.Constant(step)]);

    private static void Slice(OperatorConversion c) => c.Give(Slice(
        c,
        c.Value("self"),
        c.Dimension("dim", c.Rank("self")),
        c.OptionalInteger("start") ?? 0,
        c.OptionalInteger("end") ?? long.MaxValue,
        c.Integer("step")));

    private static string Select(OperatorConversion c, long index) =>
        c.Node("Gather", [c.Value("self"), c.Graph.Scalar(index, DType.Int64)], ("axis", (long)c.Dimension("dim", c.Rank("self"))));

    private static void Unbind(OperatorConversion c)
    {
        c.FixedSize(c.Tensor("self"), c.Dimension("dim", c.Rank("self")));
        for (int i = 0; i < c.ResultCount; i++)
        {
            c.Give(Select(c, i), i);
        }
    }

    private static void Split(OperatorConversion c)
    {
        int dimension = c.Dimension("dim", c.Rank("self"));
        long[] sizes = [.. Enumerable.Range(0, c.ResultCount).Select(i => c.FixedSize(c.Result(i), dimension))];
        if (sizes.Length == 1)
        {
            c.Give(c.Value("self"));
            return;
        }

        IReadOnlyList<string> parts = c.Node("Split", [c.Value("self"), c.Graph.Constant(sizes)], sizes.Length, ("axis", (long)dimension));
        for (int i = 0; i < parts.Count; i++)
        {
            c.Give(parts[i], i);
        }
    }

    private static void Stack(OperatorConversion c)
    {
        int dimension = c.Dimension("dim", c.Result().Shape.Count);
        string axis = c.Graph.Constant(dimension);
        c.Give(c.Node("Concat", [.. c.Values("tensors").Select(v => c.Node("Unsqueeze", [v, axis]))], ("axis", (long)dimension)));
    }

    // From the last element backwards to before the first.
    private static void Flip(OperatorConversion c)
    {
        string value = c.Value("self");
        foreach (long dimension in c.Integers("dims"))
        {
            value = Slice(c, value, OperatorConversion.Counted(dimension, c.Rank("self")), -1, long.MinValue, -1);
        }

        c.Give(value);
    }

    // The end of the dimension goes before its beginning.
    private static void Roll(OperatorConversion c)
    {
        long[] shifts = c.Integers("shifts");
        long[] dimensions = c.Integers("dims");
        c.Require(dimensions.Length == shifts.Length, "a shift without a dimension is not supported");
        string value = c.Value("self");
        for (int i = 0; i < shifts.Length; i++)
        {
            int dimension = OperatorConversion.Counted(dimensions[i], c.Rank("self"));
            long size = c.FixedSize(c.Tensor("self"), dimension);
            long cut = (((-shifts[i]) % size) + size) % size;
            if (cut > 0)
            {
                value = c.Node("Concat", [Slice(c, value, dimension, cut, long.MaxValue), Slice(c, value, dimension, 0, cut)], ("axis", (long)dimension));
            }
        }

        c.Give(value);
    }

    // ATen lists the last dimension first, before and after it; ONNX all befores and then all afters.
    private static void Pad(OperatorConversion c)
    {
        long[] given = c.Integers("pad");
        int rank = c.Rank("self");
        var pads = new long[2 * rank];
        for (int i = 0; i < given.Length / 2; i++)
        {
            pads[rank - 1 - i] = given[2 * i];
            pads[(2 * rank) - 1 - i] = given[(2 * i) + 1];
        }

        c.Give(c.Node("Pad", [c.Value("self"), c.Graph.Constant(pads), c.Scalar(c.Number("value"))]));
    }
}
