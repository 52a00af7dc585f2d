namespace DistillSharp.Data.Pictures;

/// <summary>The formats of pictures that are read.</summary>
internal enum PictureFormat
{
    /// <summary>JPEG.</summary>
    Jpeg,

    /// <summary>PNG.</summary>
    Png,
}
