namespace DistillSharp.Data.Pictures;

/// <summary>Writes small pictures, for tests and tools.</summary>
internal static unsafe class PictureEncoder
{
    private const int HeaderRoom = 1 << 16;

    /// <summary>A JPEG file.</summary>
    /// <param name="pixels">Row by row, interleaved.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 (grey), 3 (red, green, blue) or 4 (cyan, magenta, yellow, black; inverted, as Adobe does).</param>
    /// <param name="quality">1 to 100.</param>
    public static byte[] Jpeg(ReadOnlySpan<byte> pixels, int width, int height, int channels, int quality = 95)
    {
        Check(pixels, width, height, channels);
        var file = new byte[HeaderRoom + (4 * pixels.Length)];
        fixed (byte* from = pixels, to = file)
        {
            return Cut(file, NativePictures.JpegWrite(from, width, height, channels, quality, to, file.Length));
        }
    }

    /// <summary>A PNG file of 8 bits a channel.</summary>
    /// <param name="pixels">Row by row, interleaved.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 (grey), 2 (with alpha), 3 (red, green, blue) or 4 (with alpha).</param>
    public static byte[] Png(ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        Check(pixels, width, height, channels);
        var file = new byte[HeaderRoom + (4 * pixels.Length)];
        fixed (byte* from = pixels, to = file)
        {
            return Cut(file, NativePictures.PngWrite(from, width, height, channels, to, file.Length));
        }
    }

    private static void Check(ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        if (pixels.Length == 0 || pixels.Length != (long)width * height * channels)
        {
            throw new ArgumentException($"Expected {height} x {width} x {channels} bytes, found {pixels.Length}.", nameof(pixels));
        }
    }

    private static byte[] Cut(byte[] file, long length) =>
        length > 0 ? file[..(int)length] : throw new InvalidOperationException("The picture could not be written.");
}
