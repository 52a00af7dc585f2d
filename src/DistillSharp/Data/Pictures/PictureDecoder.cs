using System.Text;

namespace DistillSharp.Data.Pictures;

/// <summary>Decodes JPEG and PNG to 8 bits a channel. Keeps no state between pictures.</summary>
/// <remarks>
/// Grey becomes three equal channels where three are asked for; colour becomes luma (ITU-R BT.601) where one is, a JPEG's own
/// where it has one. Palettes and depths below 8 are widened, 16 bits rounded to 8. Transparent pixels are put on black.
/// CMYK and YCCK are converted without a colour profile: each of the three inks times black. Embedded profiles are not applied.
/// </remarks>
internal static unsafe class PictureDecoder
{
    /// <summary>No picture may have more pixels than this: 2^26, or 8192 x 8192.</summary>
    public const long MaximumPixels = 1 << 26;

    /// <summary>No picture may have a longer side than this.</summary>
    public const int MaximumSide = 1 << 16;

    private const int MessageLength = 256;

    /// <summary>Reads the header and refuses what is too large; takes no memory for pixels.</summary>
    /// <exception cref="PictureException">The file is no picture, is unsound, or is too large.</exception>
    public static PictureHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        PictureFormat format = PictureFormats.Of(file);
        NativePictures.Header header = default;
        byte* text = stackalloc byte[MessageLength];
        var message = new NativePictures.Message { Text = text, Length = MessageLength };
        text[0] = 0;
        int failed;
        fixed (byte* data = file)
        {
            failed = format == PictureFormat.Jpeg
                ? NativePictures.JpegHeader(data, file.Length, &header, &message)
                : NativePictures.PngHeader(data, file.Length, &header, &message);
        }

        if (failed != 0)
        {
            throw Undecodable(format, text);
        }

        var read = new PictureHeader(format, header.Width, header.Height, header.Orientation);
        if (read.Pixels is < 1 or > MaximumPixels || Math.Max(read.StoredWidth, read.StoredHeight) > MaximumSide)
        {
            throw new PictureException($"{read.StoredWidth} x {read.StoredHeight} pixels; at most {MaximumPixels} pixels and {MaximumSide} a side are read");
        }

        return read;
    }

    /// <summary>Decodes the pixels as stored, row by row, interleaved.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="header">What <see cref="ReadHeader"/> gave for it.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="pixels">Room for stored height x stored width x channels.</param>
    /// <exception cref="PictureException">The file is unsound.</exception>
    public static void Decode(ReadOnlySpan<byte> file, PictureHeader header, int channels, Span<byte> pixels)
    {
        if (channels is not (1 or 3) || pixels.Length < header.Pixels * channels)
        {
            throw new ArgumentException($"Expected 1 or 3 channels and room for {header.Pixels} pixels of them, found {channels} and {pixels.Length} bytes.");
        }

        var native = new NativePictures.Header { Width = header.StoredWidth, Height = header.StoredHeight, Orientation = header.Orientation };
        byte* text = stackalloc byte[MessageLength];
        var message = new NativePictures.Message { Text = text, Length = MessageLength };
        text[0] = 0;
        int failed;
        fixed (byte* data = file, target = pixels)
        {
            failed = header.Format == PictureFormat.Jpeg
                ? NativePictures.JpegPixels(data, file.Length, &native, channels, target, &message)
                : NativePictures.PngPixels(data, file.Length, &native, channels, target, &message);
        }

        if (failed != 0)
        {
            throw Undecodable(header.Format, text);
        }
    }

    private static PictureException Undecodable(PictureFormat format, byte* text)
    {
        int length = new ReadOnlySpan<byte>(text, MessageLength).IndexOf((byte)0);
        return new PictureException($"a {(format == PictureFormat.Jpeg ? "JPEG" : "PNG")} that cannot be decoded: {Encoding.ASCII.GetString(text, length)}");
    }
}
