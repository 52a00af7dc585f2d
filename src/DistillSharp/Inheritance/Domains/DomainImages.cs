using DistillSharp.Data;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Other views of images: what is left of a picture without its texture, without its shape, without its fine detail. Every function takes
/// UInt8 <c>[N, C, H, W]</c> from 0 to 255, or floating-point in [0, 1], and gives Float32 <c>[N, C, H, W]</c> in [0, 1] on the same device;
/// none of them draws a random number. Grey is the mean of the channels; beyond its border an image goes on as its outermost pixels.
/// </summary>
public static class DomainImages
{
    /// <summary>1 minus each value.</summary>
    /// <param name="images">The images.</param>
    public static Tensor Inverted(Tensor images)
    {
        using var scope = new TensorScope();
        return scope.Keep(1.0 - ImageClassifier.ToUnitRange(images));
    }

    /// <summary>White edges on black: the length of Sobel's gradient of the grey image, where a step from black to white along an axis is 1; longer ones are cut to 1.</summary>
    /// <param name="images">The images.</param>
    public static Tensor Edges(Tensor images)
    {
        using var scope = new TensorScope();
        Tensor grey = Extend(UnitRange.Grey(images), 1);
        Tensor across = Tensor.From<float>([-1, 0, 1, -2, 0, 2, -1, 0, 1], 3, 3);
        Tensor kernels = Operators.Stack([across, across.T()]).Unsqueeze(1).Contiguous().To(grey.Device);
        Tensor length = Operators.Conv2d(grey, kernels).Square().Sum(1, keepdim: true).Sqrt() / 4.0;
        return scope.Keep(OfChannels(length.Clamp(0.0, 1.0), images.Size(1)));
    }

    /// <summary>White shapes on black: <see cref="Foreground.Of"/> on every channel.</summary>
    /// <inheritdoc cref="Foreground.Of"/>
    public static Tensor Silhouettes(Tensor images, double threshold)
    {
        using var scope = new TensorScope();
        return scope.Keep(OfChannels(Foreground.Of(images, threshold), images.Size(1)));
    }

    /// <summary>Low-pass: each channel under a Gaussian, cut at three standard deviations.</summary>
    /// <param name="images">The images.</param>
    /// <param name="sigma">The Gaussian's standard deviation, pixels, above 0.</param>
    public static Tensor Blurred(Tensor images, double sigma)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigma);
        using var scope = new TensorScope();
        int radius = (int)Math.Ceiling(3 * sigma);
        double[] weights = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(i => Math.Exp(-i * i / (2 * sigma * sigma)))];
        double sum = weights.Sum();
        Tensor kernel = Tensor.From(Array.ConvertAll(weights, w => (float)(w / sum)), 1, 1, weights.Length, 1).To(images.Device);
        Tensor unit = ImageClassifier.ToUnitRange(images);
        Tensor single = Extend(unit.Reshape([-1, 1, unit.Size(2), unit.Size(3)]), radius);
        Tensor blurred = Operators.Conv2d(Operators.Conv2d(single, kernel), kernel.Transpose(2, 3).Contiguous());
        return scope.Keep(blurred.Reshape(unit.Shape).Clamp(0.0, 1.0));
    }

    /// <summary>The images with their background mixed with textures; what stands before it stays.</summary>
    /// <param name="images">The images.</param>
    /// <param name="textures">A texture for each image, of the images' shape, Float32 in [0, 1].</param>
    /// <param name="threshold">As in <see cref="Foreground.Of"/>.</param>
    /// <param name="strength">The texture's part of the background, 0 to 1.</param>
    public static Tensor OnTexture(Tensor images, Tensor textures, double threshold, double strength)
    {
        using var scope = new TensorScope();
        Tensor unit = ImageClassifier.ToUnitRange(images);
        Tensor background = (1.0 - Foreground.Of(images, threshold)) * strength;
        return scope.Keep(unit + (background * (textures - unit)));
    }

    private static Tensor OfChannels(Tensor grey, long channels) => grey.Repeat([1, channels, 1, 1]);

    /// <summary>Repeats the outermost pixels on every side.</summary>
    private static Tensor Extend(Tensor images, int by)
    {
        Tensor Positions(long size) => Tensor.From([.. Enumerable.Range(-by, (int)size + (2 * by)).Select(i => Math.Clamp(i, 0, size - 1))]).To(images.Device);
        return images.IndexSelect(2, Positions(images.Size(2))).IndexSelect(3, Positions(images.Size(3)));
    }
}
