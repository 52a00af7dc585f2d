using System.Globalization;
using System.Text;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Turns images and maps into pictures for a report, about <see cref="Side"/> pixels a side.</summary>
internal sealed class ExamplePictures(SavePicture save, string analysis)
{
    /// <summary>The side that small images are enlarged to, pixels.</summary>
    public const int Side = 112;

    private const double HeatWeight = 0.6;

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
    public string SaveImage(Tensor image, int index, int column, string kind)
    {
        using var scope = new TensorScope();
        Tensor shown = image.Size(0) is 1 or 3 ? image : image.Mean(0, keepdim: true);
        (long height, long width) = Enlarged(shown);
        return Save(shown.Unsqueeze(0).UpsampleNearest2d([height, width]).Squeeze(0), index, column, kind);
    }

    /// <summary>Saves a map over its image: the map's share of its largest value as colour, over the image in grey. An all-zero map leaves the image in grey.</summary>
    /// <param name="image">Floating-point in [0, 1], <c>[C, H, W]</c>.</param>
    /// <param name="map">At or above 0, <c>[h, w]</c>.</param>
    /// <param name="index">The image's index in its data set.</param>
    /// <param name="column">The place in its row; makes the name unique.</param>
    /// <param name="kind">What is shown, for the name.</param>
    public string SaveHeatMap(Tensor image, Tensor map, int index, int column, string kind)
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

        return Save(Tensor.From(pixels, 3, height, width), index, column, kind);
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
