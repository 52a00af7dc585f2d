using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>Textures out of images: what an object looks like within, without its shape.</summary>
public static class TiledPatches
{
    /// <summary>
    /// Each image replaced by a mirrored tiling of one of its patches, Float32 <c>[N, C, H, W]</c>: the square around the middle of its
    /// foreground, moved inwards where it would leave the image; around the image's middle where there is no foreground.
    /// </summary>
    /// <param name="textures">The images, UInt8 or floating-point <c>[N, C, H, W]</c>.</param>
    /// <param name="threshold">As in <see cref="Foreground.Of"/>.</param>
    /// <param name="patch">Side of the square patch, pixels, at most the image's.</param>
    public static Tensor Make(Tensor textures, double threshold, int patch)
    {
        int height = (int)textures.Size(2), width = (int)textures.Size(3), count = (int)textures.Size(0);
        if (patch < 1 || patch > Math.Min(height, width))
        {
            throw new ArgumentOutOfRangeException(nameof(patch), patch, $"A patch of 1 to {Math.Min(height, width)} pixels was expected, the image's smaller side at most.");
        }

        using var scope = new TensorScope();
        Tensor unit = UnitRange.Of(textures);
        float[] mask = Foreground.Of(textures, threshold).ToArray<float>();
        var source = new long[count * height * width];
        for (int image = 0; image < count; image++)
        {
            ReadOnlySpan<float> own = mask.AsSpan(image * height * width, height * width);
            (int top, int left) = Corner(own, height, width, patch);
            for (int at = 0; at < height * width; at++)
            {
                source[(image * height * width) + at] = ((top + Mirrored(at / width, patch)) * width) + left + Mirrored(at % width, patch);
            }
        }

        Tensor positions = Tensor.From(source, count, 1, height * width).To(unit.Device).Repeat([1, unit.Size(1), 1]);
        return scope.Keep(unit.Reshape([count, unit.Size(1), height * width]).Gather(2, positions).Reshape(unit.Shape));
    }

    private static (int Top, int Left) Corner(ReadOnlySpan<float> mask, int height, int width, int patch)
    {
        double rows = 0, columns = 0, pixels = 0;
        for (int at = 0; at < mask.Length; at++)
        {
            rows += mask[at] * (at / width);
            columns += mask[at] * (at % width);
            pixels += mask[at];
        }

        (double row, double column) = pixels > 0 ? (rows / pixels, columns / pixels) : ((height - 1) / 2.0, (width - 1) / 2.0);
        int Start(double middle, int size) => Math.Clamp((int)Math.Round(middle - ((patch - 1) / 2.0), MidpointRounding.AwayFromZero), 0, size - patch);
        return (Start(row, height), Start(column, width));
    }

    private static int Mirrored(int at, int patch)
    {
        int within = at % (2 * patch);
        return within < patch ? within : (2 * patch) - 1 - within;
    }
}
