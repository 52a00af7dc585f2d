namespace DistillSharp.Export;

/// <summary>Products of matrices.</summary>
internal static class ProductConverters
{
    public static IEnumerable<KeyValuePair<string, Action<OperatorConversion>>> All { get; } =
    [
        new("linear", Linear),
        new("mm", c => c.Give(c.Node("MatMul", [c.Value("self"), c.Value("mat2")]))),
        new("bmm", c => c.Give(c.Node("MatMul", [c.Value("self"), c.Value("mat2")]))),
        new("matmul", c => c.Give(c.Node("MatMul", [c.Value("self"), c.Value("other")]))),
        new("addmm", c => c.Give(c.Node("Gemm", [c.Value("mat1"), c.Value("mat2"), c.Value("self")], ("alpha", c.Number("alpha")), ("beta", c.Number("beta"))))),
    ];

    private static void Linear(OperatorConversion c)
    {
        if (c.Rank("input") == 2)
        {
            string[] inputs = c.Has("bias") ? [c.Value("input"), c.Value("weight"), c.Value("bias")] : [c.Value("input"), c.Value("weight")];
            c.Give(c.Node("Gemm", inputs, ("transB", 1L)));
            return;
        }

        string product = c.Node("MatMul", [c.Value("input"), c.Node("Transpose", [c.Value("weight")], ("perm", [1L, 0L]))]);
        c.Give(c.Has("bias") ? c.Node("Add", [product, c.Value("bias")]) : product);
    }
}
