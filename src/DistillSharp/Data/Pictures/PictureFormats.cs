using System.Text;

namespace DistillSharp.Data.Pictures;

/// <summary>Tells what a file is by its first bytes; its name does not matter.</summary>
internal static class PictureFormats
{
    private const int TextSample = 64;

    private static ReadOnlySpan<byte> JpegStart => [0xff, 0xd8, 0xff];

    private static ReadOnlySpan<byte> PngStart => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>The format.</summary>
    /// <exception cref="PictureException">It is something else; the message says what, as far as can be told.</exception>
    public static PictureFormat Of(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(JpegStart))
        {
            return PictureFormat.Jpeg;
        }

        return file.StartsWith(PngStart) ? PictureFormat.Png : throw new PictureException($"neither JPEG nor PNG, but {Describe(file)}");
    }

    private static string Describe(ReadOnlySpan<byte> file)
    {
        foreach ((string start, string name) in new[] { ("GIF8", "GIF"), ("BM", "BMP"), ("II*\0", "TIFF"), ("MM\0*", "TIFF"), ("RIFF", "WebP or another RIFF file"), ("%PDF", "PDF"), ("PK", "a zip archive") })
        {
            if (file.StartsWith(Encoding.ASCII.GetBytes(start)))
            {
                return name;
            }
        }

        ReadOnlySpan<byte> sample = file[..Math.Min(file.Length, TextSample)];
        if (sample.IndexOfAnyInRange((byte)0, (byte)8) < 0 && sample.IndexOfAnyInRange((byte)127, (byte)255) < 0)
        {
            return "text";
        }

        return file.TrimStart((byte)0).IsEmpty ? "only zeros" : "something unknown";
    }
}
