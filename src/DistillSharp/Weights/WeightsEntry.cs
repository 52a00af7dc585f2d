using System.Globalization;
using DistillSharp.Torch;

namespace DistillSharp.Weights;

/// <summary>A named tensor: of a file, or as a network has it.</summary>
/// <param name="Name">The name, without a common prefix that was taken off.</param>
/// <param name="DType">The type of its elements.</param>
/// <param name="Shape">The sizes of its dimensions; none for a single number.</param>
public sealed record WeightsEntry(string Name, DType DType, IReadOnlyList<long> Shape)
{
    /// <summary>How many elements it has.</summary>
    public long ElementCount => Shape.Aggregate(1L, (count, size) => count * size);

    /// <summary>How many bytes its elements take.</summary>
    public long Bytes => ElementCount * DType.Size();

    /// <summary>The shape as text, e.g. <c>[64, 3, 7, 7]</c>.</summary>
    public string ShapeText => ShapeTextOf(Shape);

    /// <summary>Text from a file without control characters, which could act on a terminal.</summary>
    public static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    internal static string ShapeTextOf(IEnumerable<long> shape) => "[" + string.Join(", ", shape.Select(s => s.ToString(CultureInfo.InvariantCulture))) + "]";
}
