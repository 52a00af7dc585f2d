namespace DistillSharp.Studies;

/// <summary>Makes a <see cref="ValueList{T}"/> out of a collection expression: <c>ValueList&lt;int&gt; seeds = [0, 1, 2];</c>.</summary>
public static class ValueListBuilder
{
    /// <summary>A list of a copy of the items.</summary>
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) => new(items);
}
