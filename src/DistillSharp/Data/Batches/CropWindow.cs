namespace DistillSharp.Data;

/// <summary>The part of an image that a crop keeps, in whole pixels.</summary>
/// <param name="Top">Its first row.</param>
/// <param name="Left">Its first column.</param>
/// <param name="Height">How many rows.</param>
/// <param name="Width">How many columns.</param>
public readonly record struct CropWindow(int Top, int Left, int Height, int Width);
