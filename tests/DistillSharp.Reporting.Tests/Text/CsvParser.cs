using System.Text;

namespace DistillSharp.Reporting.Tests.Text;

/// <summary>Reads RFC 4180 back, strictly: every row ends in CR LF.</summary>
internal static class CsvParser
{
    public static List<Dictionary<string, string>> Parse(string text)
    {
        var rows = Rows(text);
        Assert.All(rows, row => Assert.Equal(rows[0].Count, row.Count));
        return [.. rows.Skip(1).Select(row => rows[0].Zip(row).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    private static List<List<string>> Rows(string text)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var place = 0; place < text.Length; place++)
        {
            var letter = text[place];
            if (quoted)
            {
                if (letter != '"')
                {
                    cell.Append(letter);
                }
                else if (place + 1 < text.Length && text[place + 1] == '"')
                {
                    cell.Append('"');
                    place++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (letter == '"')
            {
                Assert.Equal(0, cell.Length);
                quoted = true;
            }
            else if (letter is ',' or '\r')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (letter == '\r')
                {
                    Assert.Equal('\n', text[++place]);
                    rows.Add(row);
                    row = [];
                }
            }
            else
            {
                cell.Append(letter);
            }
        }

        Assert.Empty(row);
        return rows;
    }
}
