using System.Text;

namespace DistillSharp.Reporting.Text;

/// <summary>Writes Markdown in which names and sentences from outside stay text.</summary>
internal sealed class MarkdownText
{
    private readonly StringBuilder text = new();

    public void Heading(int level, string heading) => text.Append('#', level).Append(' ').Append(Escape(heading)).Append("\n\n");

    public void Paragraph(string markdown) => text.Append(markdown).Append("\n\n");

    public void Item(string markdown) => text.Append("- ").Append(markdown).Append('\n');

    public void End() => text.Append('\n');

    /// <summary>A table; each column from <paramref name="firstNumber"/> on is set flush right.</summary>
    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows, int firstNumber = int.MaxValue)
    {
        Row(header);
        text.Append('|');
        for (var column = 0; column < header.Count; column++)
        {
            text.Append(column >= firstNumber ? " ---: |" : " --- |");
        }

        text.Append('\n');
        foreach (var row in rows)
        {
            Row(row);
        }

        text.Append('\n');
    }

    public void Code(string code)
    {
        var fence = new string('`', Math.Max(3, LongestRunOfBackticks(code) + 1));
        text.Append(fence).Append('\n').Append(code).Append('\n').Append(fence).Append("\n\n");
    }

    public override string ToString() => text.ToString().TrimEnd('\n') + "\n";

    public static string Escape(string value)
    {
        var escaped = new StringBuilder(value.Length);
        foreach (var letter in value.ReplaceLineEndings(" "))
        {
            switch (letter)
            {
                case '&':
                    escaped.Append("&amp;");
                    break;
                case '<':
                    escaped.Append("&lt;");
                    break;
                case '>':
                    escaped.Append("&gt;");
                    break;
                case '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' or '#' or '!':
                    escaped.Append('\\').Append(letter);
                    break;
                default:
                    escaped.Append(letter);
                    break;
            }
        }

        return escaped.ToString();
    }

    /// <summary>A picture of the results folder, by its relative path.</summary>
    public static string Picture(string path, string alternative) =>
        $"![{Escape(alternative)}]({string.Join('/', path.Split('/').Select(Uri.EscapeDataString))})";

    private void Row(IReadOnlyList<string> cells)
    {
        text.Append('|');
        foreach (var cell in cells)
        {
            text.Append(' ').Append(cell).Append(" |");
        }

        text.Append('\n');
    }

    private static int LongestRunOfBackticks(string code)
    {
        var longest = 0;
        var run = 0;
        foreach (var letter in code)
        {
            run = letter == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
