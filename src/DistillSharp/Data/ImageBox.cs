using System.Globalization;

namespace DistillSharp.Data;

/// <summary>
/// Where the object of an image is: a rectangle in pixels of the image, which need not lie on whole pixels. The pixel in column c covers
/// c to c + 1 from the left, the pixel in row r covers r to r + 1 from the top.
/// </summary>
/// <param name="X">The left edge, from 0.</param>
/// <param name="Y">The upper edge, from 0.</param>
/// <param name="Width">The width, above 0.</param>
/// <param name="Height">The height, above 0.</param>
public readonly record struct ImageBox(double X, double Y, double Width, double Height)
{
    /// <summary>The right edge.</summary>
    public double Right => X + Width;

    /// <summary>The lower edge.</summary>
    public double Bottom => Y + Height;

    /// <summary>The area in pixels.</summary>
    public double Area => Width * Height;

    /// <summary>True where numbers are finite, the sizes are above 0, and no part lies outside of an image of this size.</summary>
    public bool IsInside(double imageWidth, double imageHeight) =>
        X >= 0 && Y >= 0 && Width > 0 && Height > 0 && Right <= imageWidth && Bottom <= imageHeight;

    /// <summary>True where a point lies in it; left and upper edge are part of it, right and lower edge are not.</summary>
    public bool Contains(double x, double y) => x >= X && x < Right && y >= Y && y < Bottom;

    /// <summary>What two boxes share; null where that is nothing.</summary>
    public ImageBox? Intersect(ImageBox other)
    {
        (double left, double top) = (Math.Max(X, other.X), Math.Max(Y, other.Y));
        (double right, double bottom) = (Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));
        return right > left && bottom > top ? new ImageBox(left, top, right - left, bottom - top) : null;
    }

    /// <summary>Left, upper edge, width and height, e.g. <c>3, 4, 10.5, 12</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X}, {Y}, {Width}, {Height}");
}
