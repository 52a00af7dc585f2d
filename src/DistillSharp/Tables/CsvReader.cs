using System.Text;

namespace DistillSharp.Tables;

/// <summary>Reads records of comma-separated values as in RFC 4180: CRLF or LF, quotes around cells, doubled quotes inside them.</summary>
/// <param name="reader">The text, from where it stands.</param>
internal sealed class CsvReader(TextReader reader)
{
    private int _next = 1;

    /// <summary>The line, counted from 1, on which the record that was read last begins.</summary>
    public int Line { get; private set; }

    /// <summary>The cells of the next record; null at the end.</summary>
    /// <exception cref="InvalidDataException">A quote stands where none can, or is never closed; the message gives the line.</exception>
    public string[]? Read()
    {
        if (reader.Peek() < 0)
        {
            return null;
        }

        Line = _next;
        var cells = new List<string>();
        while (ReadCell(cells))
        {
        }

        return [.. cells];
    }

    // True where another cell of the record follows.
    private bool ReadCell(List<string> cells)
    {
        if (reader.Peek() == '"')
        {
            cells.Add(ReadQuoted());
            return reader.Read() switch
            {
                ',' => true,
                '\r' when EndsLine() => false,
                '\n' => Ended(),
                < 0 => false,
                int other => throw new InvalidDataException($"line {_next}: a comma or the end of the line was expected after a closing quote, found '{(char)other}'."),
            };
        }

        var cell = new StringBuilder();
        for (int c = reader.Read(); ; c = reader.Read())
        {
            switch (c)
            {
                case ',':
                    cells.Add(cell.ToString());
                    return true;
                case < 0:
                    cells.Add(cell.ToString());
                    return false;
                case '\n':
                    cells.Add(cell.ToString());
                    return Ended();
                case '\r' when EndsLine():
                    cells.Add(cell.ToString());
                    return false;
                case '"':
                    throw new InvalidDataException($"line {_next}: a quote stands inside a cell that does not begin with one; put the whole cell into quotes and double those inside.");
                default:
                    cell.Append((char)c);
                    break;
            }
        }
    }

    private string ReadQuoted()
    {
        int began = _next;
        reader.Read();
        var cell = new StringBuilder();
        for (int c = reader.Read(); c >= 0; c = reader.Read())
        {
            if (c == '"' && reader.Peek() != '"')
            {
                return cell.ToString();
            }

            if (c == '"')
            {
                reader.Read();
            }

            _next += c == '\n' ? 1 : 0;
            cell.Append((char)c);
        }

        throw new InvalidDataException($"line {began}: a quote that opens a cell is never closed.");
    }

    // After a CR: true where the line ends with it.
    private bool EndsLine()
    {
        if (reader.Peek() == '\n')
        {
            reader.Read();
            Ended();
            return true;
        }

        return reader.Peek() < 0;
    }

    private bool Ended()
    {
        _next++;
        return false;
    }
}
