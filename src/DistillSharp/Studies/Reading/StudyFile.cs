using System.Globalization;
using System.Text;

namespace DistillSharp.Studies;

/// <summary>Reads a file's bytes and turns them into text, or says why they are no text.</summary>
internal static class StudyFile
{
    /// <summary>Largest file that is read, in bytes: a study takes a few kilobytes, and a wrong file must not fill the memory.</summary>
    public const int MostBytes = 1024 * 1024;

    public static byte[]? Read(string path, ProblemList problems)
    {
        try
        {
            if (Directory.Exists(path))
            {
                problems.AddFile("expected a study (a YAML file), found a folder.");
                return null;
            }

            using FileStream stream = File.OpenRead(path);

            // One byte more than allowed tells too large a file, whatever length the file system reports.
            byte[] buffer = new byte[MostBytes + 1];
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return buffer[..length];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.AddFile("expected a study (a YAML file), found no such file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.AddFile($"the file cannot be read: {e.Message}");
        }

        return null;
    }

    public static string? Decode(ReadOnlySpan<byte> bytes, ProblemList problems)
    {
        if (bytes.Length > MostBytes)
        {
            problems.AddFile("expected at most 1 MiB, found a larger file; a study takes a few kilobytes. Is this the right file?");
            return null;
        }

        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        var text = new StringBuilder(bytes.Length);
        int line = 1;
        int column = 1;
        for (int at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out Rune rune, out int length) != System.Buffers.OperationStatus.Done)
            {
                problems.Add(line, column, "", $"expected text in UTF-8, found the byte 0x{bytes[at].ToString("X2", CultureInfo.InvariantCulture)}. Save the file as UTF-8.");
                return null;
            }

            // The parser takes a zero byte for the end and would silently ignore what follows.
            if (Rune.IsControl(rune) && rune.Value is not ('\n' or '\r' or '\t' or 0x85))
            {
                problems.Add(line, column, "", $"expected text, found the control character U+{rune.Value.ToString("X4", CultureInfo.InvariantCulture)}.");
                return null;
            }

            text.Append(rune.ToString());
            at += length;
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        return text.ToString();
    }
}
