namespace DistillSharp.Data.Pictures;

/// <summary>A picture is sound, but not of the size that all must have.</summary>
/// <param name="width">Its columns.</param>
/// <param name="height">Its rows.</param>
internal sealed class PictureSizeException(int width, int height) : Exception($"{width} x {height} pixels");
