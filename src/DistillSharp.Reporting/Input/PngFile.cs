using System.Buffers.Binary;

namespace DistillSharp.Reporting.Input;

/// <summary>Reads a PNG picture as it is; only its signature and its size are looked at.</summary>
internal static class PngFile
{
    private const int MaximumBytes = 16 << 20;
    private const int MaximumSide = 8192;
    private const int HeaderBytes = 24;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static Picture Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new ReportException(path, "a picture that findings.json names", "no such file");
        }

        if (file.Length is < HeaderBytes or > MaximumBytes)
        {
            throw new ReportException(path, $"a PNG picture of {HeaderBytes} bytes to {MaximumBytes >> 20} MiB", $"{file.Length} bytes");
        }

        var bytes = File.ReadAllBytes(path);
        if (!bytes.AsSpan().StartsWith(Signature) || !bytes.AsSpan(12, 4).SequenceEqual("IHDR"u8))
        {
            throw new ReportException(path, "a PNG picture", $"a file that begins with {Convert.ToHexString(bytes, 0, 8)}");
        }

        var width = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(16));
        var height = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(20));
        if (width is 0 or > MaximumSide || height is 0 or > MaximumSide)
        {
            throw new ReportException(path, $"a picture of 1 to {MaximumSide} pixels a side", $"{width} by {height}");
        }

        return new Picture((int)width, (int)height, $"data:image/png;base64,{Convert.ToBase64String(bytes)}");
    }
}
