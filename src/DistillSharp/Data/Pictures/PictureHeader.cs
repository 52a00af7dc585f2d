namespace DistillSharp.Data.Pictures;

/// <summary>What a picture's header says.</summary>
/// <param name="Format">How it is stored.</param>
/// <param name="StoredWidth">Columns of pixels as stored.</param>
/// <param name="StoredHeight">Rows of pixels as stored.</param>
/// <param name="Orientation">EXIF's orientation, 1 (as stored) to 8.</param>
internal readonly record struct PictureHeader(PictureFormat Format, int StoredWidth, int StoredHeight, int Orientation)
{
    /// <summary>True where EXIF's orientation swaps rows and columns.</summary>
    public bool IsTurned => Orientation >= 5;

    /// <summary>Columns of pixels as they are to be seen.</summary>
    public int Width => IsTurned ? StoredHeight : StoredWidth;

    /// <summary>Rows of pixels as they are to be seen.</summary>
    public int Height => IsTurned ? StoredWidth : StoredHeight;

    /// <summary>How many pixels.</summary>
    public long Pixels => (long)StoredWidth * StoredHeight;
}
