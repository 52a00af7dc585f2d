using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>
/// torchvision's colour adjustments (<c>adjust_brightness</c> and so on, for float tensors), with one factor an image.
/// All work in place on Float32 [B, C, H, W] in [0, 1] with C 1 or 3, and clamp to [0, 1].
/// </summary>
internal static class ColorJitter
{
    /// <summary>Mixes with black.</summary>
    public static void Brightness(Tensor images, float[] factors) =>
        images.MulInPlace(PerImage(images, factors)).ClampInPlace(0.0, 1.0);

    /// <summary>Mixes with the mean grey of the image.</summary>
    public static void Contrast(Tensor images, float[] factors) =>
        Blend(images, Grey(images).Mean([1, 2, 3], keepdim: true), factors);

    /// <summary>Mixes with the image's own grey version. Nothing to do on one channel.</summary>
    public static void Saturation(Tensor images, float[] factors)
    {
        if (images.Size(1) == 3)
        {
            Blend(images, Grey(images), factors);
        }
    }

    /// <summary>Turns the colour circle, through hue, saturation and value. Nothing to do on one channel.</summary>
    public static void Hue(Tensor images, float[] turns)
    {
        if (images.Size(1) != 3)
        {
            return;
        }

        Tensor highest = images.Amax([1], keepdim: true);
        Tensor range = highest - images.Amin([1], keepdim: true);
        Tensor grey = range.Eq(0.0);
        Tensor saturation = range.Div(highest.MaskedFill(grey, 1.0));
        Tensor distance = (highest - images).DivInPlace(range.MaskedFill(grey, 1.0));
        Tensor red = distance.Narrow(1, 0, 1), green = distance.Narrow(1, 1, 1), blue = distance.Narrow(1, 2, 1);

        // In sixths of the circle; a distance of 0 marks the channel that is highest, red before green before blue.
        Tensor hue = Operators.Where(red.Eq(0.0), blue - green, Operators.Where(green.Eq(0.0), red - blue + 2.0, green - red + 4.0));
        hue.AddInPlace(PerImage(images, turns) * 6.0);

        hue.SubInPlace((hue / 6.0).Floor().MulInPlace(6.0)); // modulo 6; ATen's remainder is several times slower

        // Back: v - v s (1 - pure), where pure red, green, blue of a hue h are |h - 3| - 1, 2 - |h - 2|, 2 - |h - 4|, clamped to [0, 1].
        Tensor share = (hue - Channels(images, 3, 2, 4)).Abs().MulInPlace(Channels(images, -1, 1, 1)).AddInPlace(Channels(images, 2, -1, -1)).ClampInPlace(0.0, 1.0);
        images.CopyInPlace(highest).SubInPlace(share.MulInPlace(saturation.MulInPlace(highest)));
    }

    private static void Blend(Tensor images, Tensor other, float[] factors)
    {
        Tensor factor = PerImage(images, factors);
        images.MulInPlace(factor).AddInPlace(other * (1.0 - factor)).ClampInPlace(0.0, 1.0);
    }

    private static Tensor Grey(Tensor images) => images.Size(1) == 1
        ? images
        : (images.Narrow(1, 0, 1) * 0.2989).AddInPlace(images.Narrow(1, 1, 1), 0.587).AddInPlace(images.Narrow(1, 2, 1), 0.114);

    private static Tensor Channels(Tensor images, float red, float green, float blue) =>
        Tensor.From([red, green, blue], 1, 3, 1, 1).To(null, images.Device, nonBlocking: true);

    private static Tensor PerImage(Tensor images, float[] values) =>
        Tensor.From(values, values.Length, 1, 1, 1).To(null, images.Device, nonBlocking: true);
}
