using System.Globalization;
using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>
/// torchvision's <c>RandomRotation(degrees, interpolation)</c> without <c>expand</c>, about the centre, with zeros where there is no image: an
/// angle from -degrees to degrees for each image.
/// </summary>
/// <remarks>
/// With <see cref="Bilinear"/> a value beside the border is interpolated with the zeros outside once. torchvision does the same with
/// <c>fill=None</c>; with its default <c>fill=0</c> it multiplies tensors by the share that lies inside a second time, which darkens this border.
/// </remarks>
public sealed record RandomRotation
{
    /// <summary>A rotation.</summary>
    /// <param name="degrees">The largest angle to either side, 0 to 180.</param>
    /// <param name="bilinear">True to interpolate between pixels; false to take the nearest, torchvision's default.</param>
    /// <exception cref="ArgumentException">The angle is out of range.</exception>
    public RandomRotation(double degrees, bool bilinear = false)
    {
        if (!(degrees >= 0 && degrees <= 180))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"expected a rotation of 0 to 180 degrees, found {degrees}."));
        }

        (Degrees, Bilinear) = (degrees, bilinear);
    }

    /// <summary>The largest angle to either side.</summary>
    public double Degrees { get; }

    /// <summary>Whether pixels are interpolated, and not the nearest taken.</summary>
    public bool Bilinear { get; }

    /// <summary>Draws an angle in degrees.</summary>
    public double Draw(SeededRandom random) => random.NextDouble(-Degrees, Degrees);

    /// <summary>Rotates each image counter-clockwise about its centre.</summary>
    /// <param name="images">Floating-point <c>[N, C, H, W]</c>; left as they are.</param>
    /// <param name="degrees">The angles, [N].</param>
    /// <param name="bilinear">True to interpolate between pixels; false to take the nearest.</param>
    /// <returns>Images of the same shape.</returns>
    /// <exception cref="ArgumentException">There are not as many angles as images.</exception>
    public static Tensor Apply(Tensor images, double[] degrees, bool bilinear)
    {
        const long zeros = 0;
        if (degrees.Length != images.Size(0))
        {
            throw new ArgumentException($"An angle for each image was expected, found {degrees.Length} for {images.Size(0)}.", nameof(degrees));
        }

        using var scope = new TensorScope();
        double[] angles = Array.ConvertAll(degrees, d => d * Math.PI / 180);
        Tensor cosine = PerImage(Array.ConvertAll(angles, Math.Cos), images), sine = PerImage(Array.ConvertAll(angles, Math.Sin), images);

        // Pixel centres measured from the image's centre, in pixels. Each pixel of the result asks where it comes from: the inverse rotation.
        (Tensor down, Tensor across) = (Centres(images.Size(2), images).View([1, -1, 1]), Centres(images.Size(3), images).View([1, 1, -1]));
        Tensor fromAcross = ((cosine * across) - (sine * down)) * (2.0 / images.Size(3));
        Tensor fromDown = ((sine * across) + (cosine * down)) * (2.0 / images.Size(2));
        return scope.Keep(Operators.GridSampler(images, Operators.Stack([fromAcross, fromDown], 3), bilinear ? 0 : 1, zeros, alignCorners: false));
    }

    private static Tensor Centres(long side, Tensor like)
    {
        double[] centres = [.. Enumerable.Range(0, (int)side).Select(i => i - ((side - 1) / 2.0))];
        return Tensor.From(centres).To(like.DType, like.Device, nonBlocking: true);
    }

    private static Tensor PerImage(double[] values, Tensor like) =>
        Tensor.From(values, values.Length, 1, 1).To(like.DType, like.Device, nonBlocking: true);
}
