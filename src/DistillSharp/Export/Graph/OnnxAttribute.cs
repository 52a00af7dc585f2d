namespace DistillSharp.Export;

/// <summary>An attribute of a node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">A <c>long</c>, <c>float</c>, <c>string</c> or <c>long[]</c>.</param>
internal readonly record struct OnnxAttribute(string Name, object Value)
{
    public static implicit operator OnnxAttribute((string Name, long Value) pair) => new(pair.Name, pair.Value);

    public static implicit operator OnnxAttribute((string Name, double Value) pair) => new(pair.Name, (float)pair.Value);

    public static implicit operator OnnxAttribute((string Name, string Value) pair) => new(pair.Name, pair.Value);

    public static implicit operator OnnxAttribute((string Name, IEnumerable<long> Value) pair) => new(pair.Name, pair.Value.ToArray());

    public static implicit operator OnnxAttribute((string Name, long[] Value) pair) => new(pair.Name, pair.Value);
}
