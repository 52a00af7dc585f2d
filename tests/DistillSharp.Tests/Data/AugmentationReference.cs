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
            if (a.ResizedCrop is not null)
            {
                image = Crop(image, channels, height, width, p.Windows[i]);
            }

            if (a.Rotation is { } rotation)
            {
                image = Rotate(image, channels, height, width, p.Degrees[i], rotation.Bilinear);
            }

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

    // PyTorch's interpolate(mode="bilinear", align_corners=False) of the window, as torchvision's resized_crop calls it.
    private static double[] Crop(double[] image, int channels, int height, int width, CropWindow w) => Each(channels, height, width, (c, y, x) =>
    {
        double down = Math.Max(0, ((y + 0.5) * w.Height / height) - 0.5), across = Math.Max(0, ((x + 0.5) * w.Width / width) - 0.5);
        (int top, int left) = ((int)down, (int)across);
        (int bottom, int right) = (Math.Min(top + 1, w.Height - 1), Math.Min(left + 1, w.Width - 1));
        (double low, double near) = (down - top, across - left);
        double At(int row, int column) => image[(((c * height) + w.Top + row) * width) + w.Left + column];
        return ((1 - low) * (((1 - near) * At(top, left)) + (near * At(top, right)))) + (low * (((1 - near) * At(bottom, left)) + (near * At(bottom, right))));
    });

    // torchvision's rotate: its inverse affine matrix about the centre, PyTorch's grid_sample with zeros outside and align_corners=False.
    private static double[] Rotate(double[] image, int channels, int height, int width, double degrees, bool bilinear)
    {
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        return Each(channels, height, width, (c, y, x) =>
        {
            (double right, double down) = (x - ((width - 1) / 2.0), y - ((height - 1) / 2.0));
            double column = (cosine * right) - (sine * down) + ((width - 1) / 2.0), row = (sine * right) + (cosine * down) + ((height - 1) / 2.0);
            double At(double r, double k) => r >= 0 && r < height && k >= 0 && k < width ? image[(((c * height) + (int)r) * width) + (int)k] : 0;
            if (!bilinear)
            {
                return At(Math.Round(row), Math.Round(column));
            }

            (double top, double left) = (Math.Floor(row), Math.Floor(column));
            (double low, double near) = (row - top, column - left);
            return ((1 - low) * (((1 - near) * At(top, left)) + (near * At(top, left + 1)))) + (low * (((1 - near) * At(top + 1, left)) + (near * At(top + 1, left + 1))));
        });
    }

    private static double[] Each(int channels, int height, int width, Func<int, int, int, double> value) =>
        [.. Enumerable.Range(0, channels * height * width).Select(k => value(k / (height * width), k / width % height, k % width))];

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
