using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// torchvision's <c>ColorJitter(s, s, s, s / 2)</c>, with the order brightness, contrast, saturation, hue (Ojha et al. 2023, section 4.3, where
/// the strongest is 0.4 and the hue's half of it).
/// </summary>
internal sealed class ColourChange : ImageChange
{
    public override string Name => "colour";

    public override IReadOnlyList<double> Strengths { get; } = [0.1, 0.2, 0.3, 0.4];

    public override double Main => 0.4;

    public override string Axis => "strength of the colour jitter";

    public override string Describe(double strength) =>
        FormattableString.Invariant($"colour jitter of {strength} (brightness, contrast, saturation; hue {strength / 2})");

    public override string? Remark(int channels) => channels == 1
        ? "The images are grey: brightness and contrast are changed; saturation and hue do nothing."
        : null;

    public override string? Problem(double strength, long channels, long height, long width) =>
        OutOfRange(strength, 0, 1, "a number")
        ?? (channels is 1 or 3 ? null : $"The change '{Name}' is defined for images of 1 or 3 channels, these have {channels}; choose another 'change'.");

    public override Tensor Apply(Tensor images, double strength, ulong seed) =>
        new Augmentation { Brightness = strength, Contrast = strength, Saturation = strength, Hue = strength / 2 }.Apply(ToByteRange(images), seed);
}
