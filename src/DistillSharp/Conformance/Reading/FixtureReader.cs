using System.Text.Json;

namespace DistillSharp.Conformance.Reading;

/// <summary>Reads a fixture file strictly: whole, well-formed, no name twice, no number that is not finite.</summary>
internal static class FixtureReader
{
    /// <summary>The version of the format that this program reads.</summary>
    public const int Format = 1;

    private const long LargestFile = 1L << 30;

    /// <summary>Reads a file.</summary>
    /// <returns>The object at its top.</returns>
    /// <exception cref="FixtureException">The file is not JSON, or holds no object.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FixtureNode Read(string file)
    {
        long length = new FileInfo(file).Length;
        if (length > LargestFile)
        {
            throw new FixtureException("", $"the file has {length} bytes; at most {LargestFile} are read.");
        }

        try
        {
            byte[] bytes = File.ReadAllBytes(file);
            ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
            ReadOnlySpan<byte> text = bytes.AsSpan().StartsWith(mark) ? bytes.AsSpan(mark.Length) : bytes;
            var root = new FixtureNode(JsonElement.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false }), "");
            return root.IsObject ? root : throw new FixtureException("", $"an object was expected at the top, found {root.Describe()}.");
        }
        catch (JsonException e)
        {
            string place = e.LineNumber is { } line ? $" (line {line + 1}, byte {e.BytePositionInLine + 1})" : "";
            throw new FixtureException("", $"not well-formed JSON{place}, or cut off: {FirstSentence(e.Message)}");
        }
    }

    /// <summary>Checks that a file is of this version of the format.</summary>
    /// <exception cref="FixtureException">It is of another, or does not say.</exception>
    public static void RequireFormat(FixtureNode root)
    {
        long format = root.Get("format").Integer();
        if (format != Format)
        {
            throw new FixtureException("format", $"version {Format} was expected, found {format}.");
        }
    }

    // .NET repeats the place in its own words after the message.
    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
