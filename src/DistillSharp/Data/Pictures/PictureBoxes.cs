namespace DistillSharp.Data.Pictures;

/// <summary>Takes a box the way of its picture: turned as EXIF says, scaled, and cut off where the picture is.</summary>
internal static class PictureBoxes
{
    /// <summary>Where a box lies in the image that a file becomes; null where nothing of it is kept.</summary>
    /// <param name="box">In pixels of the file as stored, within them.</param>
    /// <param name="header">The file's size and orientation.</param>
    /// <param name="options">What is made of pictures.</param>
    public static ImageBox? Place(ImageBox box, PictureHeader header, PictureOptions options)
    {
        ImageBox seen = Turn(box, header);
        if (options.Size is not { } size || (header.Width, header.Height) == (size, size))
        {
            return seen.Intersect(new ImageBox(0, 0, header.Width, header.Height));
        }

        // As PictureResampler.Fit: the scaled size is in whole pixels, of which the middle is kept.
        int wide = options.Stretch || header.Width <= header.Height ? size : (int)((long)size * header.Width / header.Height);
        int high = options.Stretch || header.Height <= header.Width ? size : (int)((long)size * header.Height / header.Width);
        (double across, double down) = ((double)wide / header.Width, (double)high / header.Height);
        var scaled = new ImageBox((seen.X * across) - ((wide - size) / 2), (seen.Y * down) - ((high - size) / 2), seen.Width * across, seen.Height * down);
        return scaled.Intersect(new ImageBox(0, 0, size, size));
    }

    /// <summary>As <see cref="PictureOrientation.Apply"/> moves pixels.</summary>
    private static ImageBox Turn(ImageBox box, PictureHeader header)
    {
        (double width, double height) = (header.StoredWidth, header.StoredHeight);
        (double right, double below) = (width - box.Right, height - box.Bottom);
        return header.Orientation switch
        {
            2 => box with { X = right },
            3 => box with { X = right, Y = below },
            4 => box with { Y = below },
            5 => new ImageBox(box.Y, box.X, box.Height, box.Width),
            6 => new ImageBox(below, box.X, box.Height, box.Width),
            7 => new ImageBox(below, right, box.Height, box.Width),
            8 => new ImageBox(box.Y, right, box.Height, box.Width),
            _ => box,
        };
    }
}
