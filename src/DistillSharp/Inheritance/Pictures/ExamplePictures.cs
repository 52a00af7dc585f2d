using System.Globalization;
using System.Text;
using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Turns images and maps into pictures for a report, about <see cref="Side"/> pixels a side.</summary>
internal sealed class ExamplePictures(SavePicture save, string analysis)
{
    /// <summary>The side that small images are enlarged to, pixels.</summary>
    public const int Side = 112;

    private const double HeatWeight = 0.6;

    /// <summary>A box is drawn as a line of one pixel for so many of the picture's side.</summary>
    private const int SidePerLine = 56;

    /// <summary>Light blue-green: a colour that heat maps do not have.</summary>
    private static readonly double[] BoxColour = [0, 1, 1];

    /// <summary>
    /// Which images to show: the first image of each class, in the order of classes, of those that may be shown. The rule knows
    /// nothing of how well an image makes a point.
    /// </summary>
    /// <param name="classes">The class of each image.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="mayShow">Which images may be shown.</param>
    /// <returns>Positions of images.</returns>
    public static IReadOnlyList<int> Choose(IReadOnlyList<int> classes, int most, Func<int, bool> mayShow) =>
        [.. Enumerable.Range(0, classes.Count).Where(mayShow).GroupBy(i => classes[i]).OrderBy(g => g.Key).Take(most).Select(g => g.First())];

    /// <summary>Saves an image, each pixel enlarged to a square.</summary>
    /// <param name="image">Floating-point in [0, 1], <c>[C, H, W]</c> with 1 or 3 channels; of other numbers the mean is shown as grey.</param>
    /// <param name="index">The image's index in its data set.</param>
    /// <param name="column">The place in its row; makes the name unique.</param>
    /// <param name="kind">What is shown, for the name.</param>
    /// <param name="box">Drawn over the image, in the image's pixels; none where null.</param>
    public string SaveImage(Tensor image, int index, int column, string kind, ImageBox? box = null)
    {
        using var scope = new TensorScope();
        Tensor shown = image.Size(0) is 1 or 3 ? image : image.Mean(0, keepdim: true);
        (long height, long width) = Enlarged(shown);
        Tensor enlarged = shown.Unsqueeze(0).UpsampleNearest2d([height, width]).Squeeze(0);
        if (box is { } drawn)
        {
            double[] pixels = enlarged.Size(0) == 3 ? enlarged.ToArray<double>() : Operators.Cat([enlarged, enlarged, enlarged], 0).ToArray<double>();
            Draw(drawn, pixels, (int)height, (int)width, height / (double)image.Size(1));
            enlarged = Tensor.From(pixels, 3, height, width);
        }

        return Save(enlarged, index, column, kind);
    }

    /// <summary>Saves a map over its image: the map's share of its largest value as colour, over the image in grey. An all-zero map leaves the image in grey.</summary>
    /// <param name="image">Floating-point in [0, 1], <c>[C, H, W]</c>.</param>
    /// <param name="map">At or above 0, <c>[h, w]</c>.</param>
    /// <param name="index">The image's index in its data set.</param>
    /// <param name="column">The place in its row; makes the name unique.</param>
    /// <param name="kind">What is shown, for the name.</param>
    /// <param name="box">Drawn over it, in the image's pixels; none where null.</param>
    public string SaveHeatMap(Tensor image, Tensor map, int index, int column, string kind, ImageBox? box = null)
    {
        using var scope = new TensorScope();
        (long height, long width) = Enlarged(image);
        double[] grey = image.Mean(0, keepdim: true).Unsqueeze(0).UpsampleNearest2d([height, width]).ToArray<double>();
        double[] heat = GradCam.Resize(map.Unsqueeze(0), height, width).ToArray<double>();
        double largest = heat.Max();
        double weight = largest > 0 ? HeatWeight : 0;
        var pixels = new double[3 * heat.Length];
        for (int i = 0; i < heat.Length; i++)
        {
            (double red, double green, double blue) = InfernoColours.At(largest > 0 ? heat[i] / largest : 0);
            double under = (1 - weight) * grey[i];
            pixels[i] = under + (weight * red);
            pixels[heat.Length + i] = under + (weight * green);
            pixels[(2 * heat.Length) + i] = under + (weight * blue);
        }

        if (box is { } drawn)
        {
            Draw(drawn, pixels, (int)height, (int)width, height / (double)image.Size(1));
        }

        return Save(Tensor.From(pixels, 3, height, width), index, column, kind);
    }

    /// <summary>Draws a box's edges, inside of it, into <c>[3, height, width]</c>.</summary>
    private static void Draw(ImageBox box, double[] pixels, int height, int width, double factor)
    {
        int line = Math.Max(1, Math.Min(height, width) / SidePerLine);
        (int left, int top) = ((int)Math.Round(box.X * factor), (int)Math.Round(box.Y * factor));
        (int right, int bottom) = (Math.Min(width, (int)Math.Round(box.Right * factor)), Math.Min(height, (int)Math.Round(box.Bottom * factor)));
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                if (y < top + line || y >= bottom - line || x < left + line || x >= right - line)
                {
                    for (int channel = 0; channel < BoxColour.Length; channel++)
                    {
                        pixels[(((channel * height) + y) * width) + x] = BoxColour[channel];
                    }
                }
            }
        }
    }

    private static (long Height, long Width) Enlarged(Tensor image)
    {
        long factor = Math.Max(1, Side / Math.Max(image.Size(1), image.Size(2)));
        return (image.Size(1) * factor, image.Size(2) * factor);
    }

    private string Save(Tensor image, int index, int column, string kind)
    {
        byte[] pixels = ((image.Clamp(0.0, 1.0) * 255.0) + 0.5).Floor().To(DType.UInt8).Permute([1, 2, 0]).ToArray<byte>();
        string name = string.Create(CultureInfo.InvariantCulture, $"{analysis}-{index}-{column}-{Plain(kind)}");
        return save(name, pixels, (int)image.Size(2), (int)image.Size(1), (int)image.Size(0));
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (char c in text)
        {
            plain.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-');
        }

        return plain.ToString().Trim('-');
    }
}
