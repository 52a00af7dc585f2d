using DistillSharp.Data;

namespace DistillSharp.Tests.Data;

/// <summary>The augmentation, image by image and pixel by pixel in double, as torchvision's functions define it.</summary>
internal static class AugmentationReference
{
    public static double[] Apply(byte[] images, int channels, int height, int width, Augmentation a, AugmentationParameters p)
    {
        int size = channels * height * width;
        return Enumerable.Range(0, images.Length / size).SelectMany(i =>
        {
            double[] image = CropAndFlip(images.AsSpan(i * size, size), channels, height, width, a.Crop, p.Top[i], p.Left[i], p.Flipped[i]);
            int plane = height * width;
            if (a.Brightness > 0)
            {
                image = Blend(image, _ => 0, p.Brightness[i]);
            }

            if (a.Contrast > 0)
            {
                double mean = Enumerable.Range(0, plane).Average(k => Grey(image, k, plane));
                image = Blend(image, _ => mean, p.Contrast[i]);
            }

            if (a.Saturation > 0 && channels == 3)
            {
                double[] before = image;
                image = Blend(image, k => Grey(before, k % plane, plane), p.Saturation[i]);
            }

            if (a.Hue > 0 && channels == 3)
            {
                for (int k = 0; k < plane; k++)
                {
                    (image[k], image[k + plane], image[k + (2 * plane)]) = TurnHue(image[k], image[k + plane], image[k + (2 * plane)], p.Hue[i]);
                }
            }

            return image;
        }).ToArray();
    }

    private static double[] CropAndFlip(ReadOnlySpan<byte> image, int channels, int height, int width, int padding, int top, int left, bool flip)
    {
        var result = new double[image.Length];
        for (int c = 0; c < channels; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int fromY = y + top - padding;
                    int fromX = (flip ? width - 1 - x : x) + left - padding;
                    bool inside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
                    result[(((c * height) + y) * width) + x] = inside ? image[(((c * height) + fromY) * width) + fromX] / 255.0 : 0;
                }
            }
        }

        return result;
    }

    private static double Grey(double[] image, int k, int plane) => image.Length == plane
        ? image[k]
        : (0.2989 * image[k]) + (0.587 * image[k + plane]) + (0.114 * image[k + (2 * plane)]);

    private static double[] Blend(double[] image, Func<int, double> other, double factor) =>
        image.Select((v, k) => Math.Clamp((factor * v) + ((1 - factor) * other(k)), 0, 1)).ToArray();

    // torchvision's _rgb2hsv and _hsv2rgb, with its table of six cases.
    private static (double R, double G, double B) TurnHue(double r, double g, double b, double turn)
    {
        double max = Math.Max(r, Math.Max(g, b)), min = Math.Min(r, Math.Min(g, b));
        bool grey = max == min;
        double s = (max - min) / (grey ? 1 : max);
        double divisor = grey ? 1 : max - min;
        (double rc, double gc, double bc) = ((max - r) / divisor, (max - g) / divisor, (max - b) / divisor);
        double h = max == r ? bc - gc : max == g ? 2 + rc - bc : 4 + gc - rc;
        h = ((h / 6) + 1) % 1;
        h = (h + turn + 1) % 1;
        int i = (int)Math.Floor(h * 6);
        double f = (h * 6) - i;
        (double p, double q, double t) = (max * (1 - s), max * (1 - (s * f)), max * (1 - (s * (1 - f))));
        return (i % 6) switch
        {
            0 => (max, t, p),
            1 => (q, max, p),
            2 => (p, max, t),
            3 => (p, q, max),
            4 => (t, p, max),
            _ => (max, p, q),
        };
    }
}
