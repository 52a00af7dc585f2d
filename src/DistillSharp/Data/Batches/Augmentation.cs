using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>
/// What is done to training images at random, each image with its own draw: pad and crop, flip, resized crop, rotation, colour jitter, in this order.
/// The semantics are torchvision's (<c>RandomCrop</c> with zero padding, <c>RandomHorizontalFlip</c>, <c>RandomResizedCrop</c>,
/// <c>RandomRotation</c>, <c>ColorJitter</c>), but for the order of the colour changes, which is fixed: brightness, contrast, saturation, hue.
/// </summary>
public sealed record Augmentation
{
    private const double MaximumStrength = 100;
    private const string Nearest = "nearest", Bilinear = "bilinear";

    /// <summary>
    /// The options, as studies write them. Those without a default are no part of a run's key where they are not given, so that the
    /// keys of what was trained before they existed stay what they were.
    /// </summary>
    public static IReadOnlyList<OptionSpec> Options { get; } =
    [
        new("crop", OptionKind.Integer, 0L, "Pad each side by so many pixels of zeros and crop back to size at a random place.", Minimum: 0, Maximum: 64),
        new("flip", OptionKind.Boolean, false, "Swap left and right of every second image, at random."),
        new("brightness", OptionKind.Number, 0.0, "Scale by a factor from max(0, 1 - x) to 1 + x.", Minimum: 0, Maximum: MaximumStrength),
        new("contrast", OptionKind.Number, 0.0, "Scale the distance from the image's mean grey by a factor from max(0, 1 - x) to 1 + x.", Minimum: 0, Maximum: MaximumStrength),
        new("saturation", OptionKind.Number, 0.0, "Scale the distance from grey by a factor from max(0, 1 - x) to 1 + x; nothing on one channel.", Minimum: 0, Maximum: MaximumStrength),
        new("hue", OptionKind.Number, 0.0, "Turn the colour circle by -x to x of a full turn; nothing on one channel.", Minimum: 0, Maximum: 0.5),
        new("resized-crop", OptionKind.NumberList, null, "Keep a random window and bring it back to size: the least and the most share of the area, such as [0.08, 1].", Minimum: 0, Maximum: 1),
        new("resized-crop-shape", OptionKind.NumberList, null, "Least and most width over height of that window; [3/4, 4/3] where left out.", Minimum: 0.01, Maximum: 100),
        new("rotation", OptionKind.Number, null, "Turn about the centre by -x to x degrees; zeros where there is no image.", Minimum: 0, Maximum: 180),
        new("rotation-interpolation", OptionKind.Text, null, "How rotated pixels are found; nearest where left out.", Choices: [Nearest, Bilinear]),
    ];

    /// <summary>Leaves images as they are.</summary>
    public static Augmentation None { get; } = new();

    /// <summary>Padding of the random crop in pixels, 0 to 64; 0 for no crop.</summary>
    public int Crop { get; init => field = (int)InRange("crop", value, 64); }

    /// <summary>True to flip each image left to right with probability 0.5.</summary>
    public bool Flip { get; init; }

    /// <summary>Strength of the brightness jitter, 0 to 100; 0 for none.</summary>
    public double Brightness { get; init => field = InRange("brightness", value, MaximumStrength); }

    /// <summary>Strength of the contrast jitter, 0 to 100; 0 for none.</summary>
    public double Contrast { get; init => field = InRange("contrast", value, MaximumStrength); }

    /// <summary>Strength of the saturation jitter, 0 to 100; 0 for none.</summary>
    public double Saturation { get; init => field = InRange("saturation", value, MaximumStrength); }

    /// <summary>Strength of the hue jitter in turns of the colour circle, 0 to 0.5; 0 for none.</summary>
    public double Hue { get; init => field = InRange("hue", value, 0.5); }

    /// <summary>The crop that is brought back to size, after crop and flip; null for none.</summary>
    public RandomResizedCrop? ResizedCrop { get; init; }

    /// <summary>The rotation, after the crops; null for none.</summary>
    public RandomRotation? Rotation { get; init; }

    private bool ChangesColour => Brightness > 0 || Contrast > 0 || Saturation > 0 || Hue > 0;

    /// <summary>Takes the values of <see cref="Options"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    /// <exception cref="ArgumentException">Values do not fit together; the message names the option.</exception>
    public static Augmentation From(OptionValues values) => new()
    {
        Crop = values.Integer("crop"),
        Flip = values.Boolean("flip"),
        Brightness = values.Number("brightness"),
        Contrast = values.Number("contrast"),
        Saturation = values.Number("saturation"),
        Hue = values.Number("hue"),
        ResizedCrop = ReadResizedCrop(values),
        Rotation = ReadRotation(values),
    };

    /// <summary>Augments a batch.</summary>
    /// <param name="images">UInt8 [B, C, H, W]; not changed.</param>
    /// <param name="seed">The same seed gives the same images, bit for bit, on one device and libtorch; the draws are the same on all.</param>
    /// <returns>Float32 [B, C, H, W] in [0, 1].</returns>
    /// <exception cref="ArgumentException">Colours are to change on images that have neither 1 nor 3 channels.</exception>
    public Tensor Apply(Tensor images, ulong seed)
    {
        Check((int)images.Size(1));
        return Apply(images, AugmentationParameters.Draw(this, (int)images.Size(0), (int)images.Size(2), (int)images.Size(3), seed));
    }

    internal Tensor Apply(Tensor images, AugmentationParameters parameters)
    {
        using var scope = new TensorScope();
        Tensor cropped = Crop > 0 ? Cropped(images, parameters) : images;
        Tensor flipped = Flip ? Mirrored(cropped, parameters.Flipped) : cropped;
        Tensor result = flipped.To(DType.Float32).DivInPlace(255.0);
        if (ResizedCrop is not null)
        {
            // Interpolation's weights add up to 1 within rounding only.
            result = RandomResizedCrop.Apply(result, parameters.Windows).ClampInPlace(0.0, 1.0);
        }

        if (Rotation is not null)
        {
            result = RandomRotation.Apply(result, parameters.Degrees, Rotation.Bilinear).ClampInPlace(0.0, 1.0);
        }

        if (Brightness > 0)
        {
            ColorJitter.Brightness(result, parameters.Brightness);
        }

        if (Contrast > 0)
        {
            ColorJitter.Contrast(result, parameters.Contrast);
        }

        if (Saturation > 0)
        {
            ColorJitter.Saturation(result, parameters.Saturation);
        }

        if (Hue > 0)
        {
            ColorJitter.Hue(result, parameters.Hue);
        }

        return scope.Keep(result);
    }

    internal void Check(int channels)
    {
        if (ChangesColour && channels is not (1 or 3))
        {
            throw new ArgumentException($"Brightness, contrast, saturation and hue are defined for images of 1 or 3 channels; these have {channels}.");
        }
    }

    private static RandomResizedCrop? ReadResizedCrop(OptionValues values)
    {
        const string area = "resized-crop", shape = "resized-crop-shape";
        if (!values.Has(area))
        {
            return values.Has(shape) ? throw new ArgumentException($"'{shape}' says how a resized crop is shaped: expected '{area}' beside it.") : null;
        }

        (double least, double most) = Pair(values, area);
        (double narrowest, double widest) = values.Has(shape) ? Pair(values, shape) : (RandomResizedCrop.UsualNarrowest, RandomResizedCrop.UsualWidest);
        return new RandomResizedCrop(least, most, narrowest, widest);
    }

    private static RandomRotation? ReadRotation(OptionValues values)
    {
        const string degrees = "rotation", interpolation = "rotation-interpolation";
        if (!values.Has(degrees))
        {
            return values.Has(interpolation) ? throw new ArgumentException($"'{interpolation}' says how a rotation is made: expected '{degrees}' beside it.") : null;
        }

        return new RandomRotation(values.Number(degrees), values.Has(interpolation) && values.Text(interpolation) == Bilinear);
    }

    private static (double Least, double Most) Pair(OptionValues values, string name) => values.Numbers(name) is [var least, var most]
        ? (least, most)
        : throw new ArgumentException($"'{name}': expected two numbers, the least and the most, found {values.Numbers(name).Count}.");

    private static double InRange(string name, double value, double most) => value >= 0 && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"Expected a number from 0 to {most}.");

    // Every crop of every image is a window of the padded batch that begins at some offset: one strided view holds all of
    // them, and one index_select copies the wanted ones, row by row.
    private Tensor Cropped(Tensor images, AugmentationParameters parameters)
    {
        long[] shape = images.Shape;
        (long count, long channels, long height, long width) = (shape[0], shape[1], shape[2], shape[3]);
        (long paddedHeight, long paddedWidth) = (height + (2 * Crop), width + (2 * Crop));
        long plane = paddedHeight * paddedWidth;
        Tensor padded = images.ConstantPadNd([Crop, Crop, Crop, Crop]).Contiguous();
        var starts = new long[count];
        for (int i = 0; i < count; i++)
        {
            starts[i] = (i * channels * plane) + (parameters.Top[i] * paddedWidth) + parameters.Left[i];
        }

        long window = ((channels - 1) * plane) + ((height - 1) * paddedWidth) + width;
        Tensor windows = padded.AsStrided([padded.ElementCount - window + 1, channels, height, width], [1, plane, paddedWidth, 1]);
        return Selected(windows, starts);
    }

    private static Tensor Mirrored(Tensor images, bool[] flipped)
    {
        var source = new long[flipped.Length];
        for (int i = 0; i < source.Length; i++)
        {
            source[i] = flipped[i] ? source.Length + i : i;
        }

        return Selected(Operators.Cat([images, images.Flip([3])]), source);
    }

    private static Tensor Selected(Tensor images, long[] indices) =>
        images.IndexSelect(0, Tensor.From(indices).To(null, images.Device, nonBlocking: true));
}
