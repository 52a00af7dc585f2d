using System.Globalization;
using DistillSharp.Configuration;

namespace DistillSharp.Data.Listed;

/// <summary>Four columns of a list that say where the object of each image is.</summary>
internal static class BoxColumns
{
    private const int Count = 4;
    private static readonly string[] Parts = ["x", "y", "width", "height"];

    /// <summary>The option that names them.</summary>
    public static OptionSpec Spec { get; } = new(
        "box-columns",
        OptionKind.TextList,
        null,
        "Four columns with the box of each image's object in pixels of the file: left edge, upper edge, width, height; all four cells empty where there is none");

    /// <summary>The four names; none where the option has no value.</summary>
    /// <exception cref="ArgumentException">There are not four names, or two are the same.</exception>
    public static string[] Names(OptionValues options)
    {
        string[] names = options.Has(Spec.Name) ? [.. options.Texts(Spec.Name)] : [];
        return names.Length is 0 or Count && names.Distinct().Count() == names.Length
            ? names
            : throw new ArgumentException($"The option '{Spec.Name}' takes four different columns ({string.Join(", ", Parts)}), found [{string.Join(", ", names)}].");
    }

    /// <summary>The box of a record, in pixels of the file; null where all four cells are empty.</summary>
    /// <param name="path">The list, for messages.</param>
    /// <param name="row">The record.</param>
    /// <param name="first">The first of its four cells.</param>
    /// <param name="names">The columns' names.</param>
    /// <exception cref="DataFormatException">A cell is no number or one that no box has; the message gives line and column.</exception>
    public static ImageBox? Read(string path, ImageTableRow row, int first, string[] names)
    {
        if (row.Cells.AsSpan(first, Count).ToArray().All(c => c.Length == 0))
        {
            return null;
        }

        Span<double> numbers = stackalloc double[Count];
        for (int i = 0; i < Count; i++)
        {
            string cell = row.Cells[first + i];
            bool size = i >= 2;
            if (!double.TryParse(cell, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out numbers[i])
                || !double.IsFinite(numbers[i]) || numbers[i] < 0 || (size && numbers[i] == 0))
            {
                throw new DataFormatException(
                    path,
                    $"line {row.Line}, column '{names[i]}'",
                    size ? "a number of pixels above 0 (or four empty cells for no box)" : "a number of pixels, 0 or above (or four empty cells for no box)",
                    cell.Length == 0 ? "an empty cell" : $"'{cell}'");
            }
        }

        return new ImageBox(numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
