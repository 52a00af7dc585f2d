using System.Globalization;
using System.Text;

namespace DistillSharp.Reporting.Text;

/// <summary>Writes a table as RFC 4180 says, numbers in full precision whatever the machine's language.</summary>
internal sealed class Csv
{
    private readonly StringBuilder text = new();

    public Csv(params IEnumerable<string> header) => Row(header);

    public void Row(IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Quoted)).Append("\r\n");

    public override string ToString() => text.ToString();

    /// <summary>The shortest text that reads back as the same number; empty where there is none.</summary>
    public static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Numbers in one cell, with a space between them.</summary>
    public static string Numbers(IEnumerable<double> values) => string.Join(' ', values.Select(value => Number(value)));

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny("\",\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
