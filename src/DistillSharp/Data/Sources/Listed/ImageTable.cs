using System.Security.Cryptography;
using System.Text;
using DistillSharp.Configuration;
using DistillSharp.Tables;

namespace DistillSharp.Data.Listed;

/// <summary>A csv file that lists images.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Rows">Its records.</param>
/// <param name="Content">The SHA-256 of its bytes, in hexadecimal.</param>
internal sealed record ImageTable(string Path, IReadOnlyList<ImageTableRow> Rows, string Content)
{
    private const long LongestFile = 1 << 30;

    /// <summary>Reads a list.</summary>
    /// <param name="folder">The data's folder.</param>
    /// <param name="name">The csv file's name below it.</param>
    /// <param name="columns">The wanted columns; the first holds the files' names.</param>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="DataFormatException">It is not as it must be; the message gives the line.</exception>
    public static ImageTable Read(string folder, string name, string[] columns)
    {
        string path = System.IO.Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file {path}, which is to list images.");
        }

        if (new FileInfo(path).Length > LongestFile)
        {
            throw new DataFormatException(path, "length", $"at most {LongestFile} bytes", $"{new FileInfo(path).Length}");
        }

        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            using var text = new StreamReader(new MemoryStream(bytes), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
            // The files' names are relative to the list, which may lie in a folder of its own.
            string below = System.IO.Path.GetDirectoryName(name)!.Replace('\\', '/');
            return new ImageTable(path, ReadRows(path, below, new CsvReader(text), columns), Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(path, "csv", "records as in RFC 4180", e.Message.TrimEnd('.'), e);
        }
        catch (DecoderFallbackException e)
        {
            throw new DataFormatException(path, "text", "UTF-8", $"other bytes at offset {e.Index}", e);
        }
    }

    private static List<ImageTableRow> ReadRows(string path, string below, CsvReader reader, string[] columns)
    {
        string[] heading = reader.Read() ?? throw new DataFormatException(path, "line 1", $"the columns' names, among them {string.Join(", ", columns)}", "an empty file");
        int[] places = Array.ConvertAll(columns, c => Place(path, heading, c));
        var rows = new List<ImageTableRow>();
        while (reader.Read() is { } cells)
        {
            if (cells is [""])
            {
                continue;
            }

            if (cells.Length != heading.Length)
            {
                throw new DataFormatException(path, $"line {reader.Line}", $"{heading.Length} cells, as the first line has", $"{cells.Length}");
            }

            string[] wanted = Array.ConvertAll(places, p => cells[p]);
            wanted[0] = FileName(path, reader.Line, below, wanted[0]);
            rows.Add(new ImageTableRow(reader.Line, wanted));
        }

        return rows.Count > 0 ? rows : throw new DataFormatException(path, "records", "at least one image", "none");
    }

    private static int Place(string path, string[] heading, string column)
    {
        int place = Array.IndexOf(heading, column);
        if (place < 0)
        {
            throw new DataFormatException(path, "line 1 (columns)", $"a column '{column}'", NearestName.Explain("column", column, heading).TrimEnd('.'));
        }

        return Array.LastIndexOf(heading, column) == place ? place : throw new DataFormatException(path, "line 1 (columns)", $"one column '{column}'", "two of that name");
    }

    private static string FileName(string path, int line, string below, string name)
    {
        bool leaves = name.Split('/', '\\').Contains("..");
        if (name.Length == 0 || name.Contains('\0') || System.IO.Path.IsPathRooted(name) || leaves)
        {
            throw new DataFormatException(path, $"line {line}", "the name of a file in the csv file's folder or below", name.Length == 0 ? "an empty cell" : $"'{name.Replace("\0", "\\0", StringComparison.Ordinal)}'");
        }

        return below.Length == 0 ? name : $"{below}/{name}";
    }
}
