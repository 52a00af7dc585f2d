using System.Globalization;

namespace DistillSharp.Tables;

/// <summary>Records of comma-separated values as in RFC 4180, with LF at the end of each.</summary>
internal static class Csv
{
    private const string NeedsQuotes = ",\"\r\n";

    public static void WriteRecord(TextWriter writer, IReadOnlyList<string> cells)
    {
        for (int i = 0; i < cells.Count; i++)
        {
            if (i > 0)
            {
                writer.Write(',');
            }

            bool quoted = cells[i].AsSpan().IndexOfAny(NeedsQuotes) >= 0;
            writer.Write(quoted ? "\"" + cells[i].Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : cells[i]);
        }

        writer.Write('\n');
    }

    /// <summary>The cells of the next record; null at the end.</summary>
    /// <exception cref="InvalidDataException">A quote stands where none can, or is never closed.</exception>
    public static string[]? ReadRecord(TextReader reader) => new CsvReader(reader).Read();

    public static double ParseNumber(string text, string table, int row, string column, bool whole)
    {
        if (whole && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int integer))
        {
            return integer;
        }

        if (!whole && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            return number;
        }

        throw new InvalidDataException($"Table '{table}', row {row}, column '{column}': a {(whole ? "whole " : "")}number was expected, found '{text}'.");
    }
}
