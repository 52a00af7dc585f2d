using System.Globalization;
using System.Text;

namespace DistillSharp.Inheritance;

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
    public static string[]? ReadRecord(TextReader reader)
    {
        if (reader.Peek() < 0)
        {
            return null;
        }

        var cells = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false;
        for (int c = reader.Read(); ; c = reader.Read())
        {
            if (c < 0 || (!quoted && c == '\n'))
            {
                cells.Add(cell.ToString());
                return [.. cells];
            }

            if (quoted && c == '"' && reader.Peek() == '"')
            {
                reader.Read();
                cell.Append('"');
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c == ',')
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else if (quoted || c != '\r')
            {
                cell.Append((char)c);
            }
        }
    }

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
