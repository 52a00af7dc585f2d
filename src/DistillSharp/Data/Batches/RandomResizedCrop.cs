using System.Globalization;
using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>
/// torchvision's <c>RandomResizedCrop(size, scale, ratio)</c>, where size is that of the image: a window of random area and shape at a random
/// place, brought back to the image's size by bilinear interpolation. A window is never larger than its image, so nothing is ever made smaller,
/// and torchvision gives the same with <c>antialias</c> true (its default) and false.
/// </summary>
public sealed record RandomResizedCrop
{
    /// <summary>torchvision's default of the narrowest shape, width over height.</summary>
    public const double UsualNarrowest = 3.0 / 4;

    /// <summary>torchvision's default of the widest shape, width over height.</summary>
    public const double UsualWidest = 4.0 / 3;

    private const int MostTries = 10;
    private const double MostWidth = 100;

    /// <summary>A crop with these ranges.</summary>
    /// <param name="leastArea">The window's least area over the image's, above 0.</param>
    /// <param name="mostArea">Its most, at most 1.</param>
    /// <param name="narrowest">The least of its width over its height, at least 1/100.</param>
    /// <param name="widest">The most, at most 100.</param>
    /// <exception cref="ArgumentException">A range is empty or leaves what is allowed.</exception>
    public RandomResizedCrop(double leastArea, double mostArea, double narrowest = UsualNarrowest, double widest = UsualWidest)
    {
        if (!(leastArea > 0 && leastArea <= mostArea && mostArea <= 1))
        {
            throw new ArgumentException(Text($"expected the least and the most share of the area, above 0, at most 1 and in this order, such as [0.08, 1], found [{leastArea}, {mostArea}]."));
        }

        if (!(narrowest >= 1 / MostWidth && narrowest <= widest && widest <= MostWidth))
        {
            throw new ArgumentException(Text($"expected the least and the most of width over height, from 0.01 to 100 and in this order, such as [0.75, 1.33], found [{narrowest}, {widest}]."));
        }

        (LeastArea, MostArea, Narrowest, Widest) = (leastArea, mostArea, narrowest, widest);
    }

    /// <summary>The window's least area over the image's.</summary>
    public double LeastArea { get; }

    /// <summary>The window's most area over the image's.</summary>
    public double MostArea { get; }

    /// <summary>The least of the window's width over its height.</summary>
    public double Narrowest { get; }

    /// <summary>The most of the window's width over its height.</summary>
    public double Widest { get; }

    /// <summary>Draws a window: ten tries for one that fits, else the largest in the middle within the allowed shapes.</summary>
    /// <param name="height">The image's height.</param>
    /// <param name="width">The image's width.</param>
    /// <param name="random">Where area, shape and place are drawn. Of a single area nothing is drawn.</param>
    public CropWindow Draw(int height, int width, SeededRandom random)
    {
        for (int attempt = 0; attempt < MostTries; attempt++)
        {
            double area = height * width * (LeastArea < MostArea ? random.NextDouble(LeastArea, MostArea) : MostArea);
            double shape = Math.Exp(random.NextDouble(Math.Log(Narrowest), Math.Log(Widest)));
            int cropWidth = (int)Math.Round(Math.Sqrt(area * shape)), cropHeight = (int)Math.Round(Math.Sqrt(area / shape));
            if (cropWidth > 0 && cropWidth <= width && cropHeight > 0 && cropHeight <= height)
            {
                return new CropWindow(random.NextInt32(height - cropHeight + 1), random.NextInt32(width - cropWidth + 1), cropHeight, cropWidth);
            }
        }

        double own = (double)width / height;
        int middleWidth = own > Widest ? (int)Math.Round(height * Widest) : width;
        int middleHeight = own < Narrowest ? (int)Math.Round(width / Narrowest) : height;
        return new CropWindow((height - middleHeight) / 2, (width - middleWidth) / 2, middleHeight, middleWidth);
    }

    /// <summary>Brings a window of each image to the image's size.</summary>
    /// <param name="images">Floating-point <c>[N, C, H, W]</c>; left as they are.</param>
    /// <param name="windows">The windows within the images, [N].</param>
    /// <returns>Images of the same shape, each value between the least and the greatest of its window.</returns>
    /// <exception cref="ArgumentException">There are not as many windows as images.</exception>
    public static Tensor Apply(Tensor images, IReadOnlyList<CropWindow> windows)
    {
        const long bilinear = 0, border = 1;
        (long count, long height, long width) = (images.Size(0), images.Size(2), images.Size(3));
        if (windows.Count != count)
        {
            throw new ArgumentException($"A window for each image was expected, found {windows.Count} for {count}.", nameof(windows));
        }

        using var scope = new TensorScope();
        Tensor rows = Places(windows, w => (w.Top, w.Height), height, images).View([count, height, 1]).Expand([count, height, width]);
        Tensor columns = Places(windows, w => (w.Left, w.Width), width, images).View([count, 1, width]).Expand([count, height, width]);
        return scope.Keep(Operators.GridSampler(images, Operators.Stack([columns, rows], 3), bilinear, border, alignCorners: false));
    }

    // Where each row (or column) of the result lies in its image, from -1 at the image's outer edge to 1 at the other. What would lie
    // outside of the window's outermost pixel centres is that pixel: a window knows nothing of its neighbours.
    private static Tensor Places(IReadOnlyList<CropWindow> windows, Func<CropWindow, (int Start, int Length)> side, long size, Tensor like)
    {
        var places = new double[windows.Count * size];
        for (int i = 0; i < windows.Count; i++)
        {
            (int start, int length) = side(windows[i]);
            for (int at = 0; at < size; at++)
            {
                double source = start + Math.Clamp(((at + 0.5) * length / size) - 0.5, 0, length - 1);
                places[(i * size) + at] = (((2 * source) + 1) / size) - 1;
            }
        }

        return Tensor.From(places).To(like.DType, like.Device, nonBlocking: true);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
