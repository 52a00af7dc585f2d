namespace DistillSharp.Data.Pictures;

/// <summary>Turns and mirrors a picture as EXIF's orientation says, so that it stands as it was seen.</summary>
internal static class PictureOrientation
{
    /// <summary>Writes the picture as it is to be seen.</summary>
    /// <param name="stored">Pixels as stored, row by row, interleaved.</param>
    /// <param name="header">The stored size and the orientation.</param>
    /// <param name="channels">Bytes a pixel.</param>
    /// <param name="seen">Takes the pixels, row by row, interleaved.</param>
    public static void Apply(ReadOnlySpan<byte> stored, PictureHeader header, int channels, Span<byte> seen)
    {
        (int width, int height) = (header.StoredWidth, header.StoredHeight);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int column, int row) = header.Orientation switch
                {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (height - 1 - y, x),
                    7 => (height - 1 - y, width - 1 - x),
                    8 => (y, width - 1 - x),
                    _ => (x, y),
                };
                int from = ((y * width) + x) * channels;
                int to = ((row * header.Width) + column) * channels;
                for (int channel = 0; channel < channels; channel++)
                {
                    seen[to + channel] = stored[from + channel];
                }
            }
        }
    }
}
