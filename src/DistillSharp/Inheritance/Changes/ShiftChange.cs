using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Shifts by whole pixels, each from -k to k across and down alike likely, filled with zeros (Ojha et al. 2023, supplement 11.4).
/// One in (2k + 1)² images stays where it is.
/// </summary>
internal sealed class ShiftChange : ImageChange
{
    public override string Name => "shift";

    public override IReadOnlyList<double> Strengths { get; } = [1, 2, 3, 4];

    public override double Main => 3;

    public override string Axis => "largest shift, pixels";

    public override string Describe(double strength) => FormattableString.Invariant($"shifts of up to {strength} pixel{(strength == 1 ? "" : "s")}");

    public override string? Problem(double strength, long channels, long height, long width) =>
        OutOfRange(strength, 0, Math.Min(64, Math.Min(height, width) - 1), "a whole number of pixels")
        ?? (strength == Math.Floor(strength) ? null : FormattableString.Invariant($"A strength of '{Name}' is a whole number of pixels, found {strength}."));

    public override Tensor Apply(Tensor images, double strength, ulong seed) =>
        new Augmentation { Crop = (int)strength }.Apply(ToByteRange(images), seed);
}
