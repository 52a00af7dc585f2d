using DistillSharp.Data;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>torchvision's <c>RandomRotation(degrees)</c> for tensors: about the centre, bilinear, filled with zeros, an angle from -degrees to degrees for each image.</summary>
internal sealed class RotationChange : ImageChange
{
    public override string Name => "rotation";

    public override IReadOnlyList<double> Strengths { get; } = [5, 10, 20, 30];

    public override double Main => 20;

    public override string Axis => "largest rotation, degrees";

    public override string Describe(double strength) => FormattableString.Invariant($"rotations of up to {strength} degrees");

    public override string? Problem(double strength, long channels, long height, long width) => OutOfRange(strength, 0, 180, "a number of degrees");

    public override Tensor Apply(Tensor images, double strength, ulong seed)
    {
        SeededRandom random = new SeedStream(seed).Random("rotation");
        var degrees = new double[images.Size(0)];
        for (int i = 0; i < degrees.Length; i++)
        {
            degrees[i] = random.NextDouble(-strength, strength);
        }

        return Rotate(images, degrees);
    }

    /// <summary>Rotates each image counter-clockwise about its centre.</summary>
    /// <param name="images">UInt8, or floating-point in [0, 1], <c>[N, C, H, W]</c>.</param>
    /// <param name="degrees">The angles, [N].</param>
    /// <returns>Floating-point images of the same shape.</returns>
    public static Tensor Rotate(Tensor images, double[] degrees)
    {
        const long bilinear = 0, zeros = 0;
        using var scope = new TensorScope();
        Tensor input = ImageClassifier.ToUnitRange(images);
        double[] angles = Array.ConvertAll(degrees, d => d * Math.PI / 180);
        Tensor cosine = PerImage(Array.ConvertAll(angles, Math.Cos), input), sine = PerImage(Array.ConvertAll(angles, Math.Sin), input);

        // Pixel centres measured from the image's centre, in pixels. Each pixel of the result asks where it comes from: the inverse rotation.
        (Tensor down, Tensor across) = (Centres(input.Size(2), input).View([1, -1, 1]), Centres(input.Size(3), input).View([1, 1, -1]));
        Tensor fromAcross = ((cosine * across) - (sine * down)) * (2.0 / input.Size(3));
        Tensor fromDown = ((sine * across) + (cosine * down)) * (2.0 / input.Size(2));
        return scope.Keep(Operators.GridSampler(input, Operators.Stack([fromAcross, fromDown], 3), bilinear, zeros, alignCorners: false));
    }

    private static Tensor Centres(long side, Tensor like)
    {
        double[] centres = [.. Enumerable.Range(0, (int)side).Select(i => i - ((side - 1) / 2.0))];
        return Tensor.From(centres).To(like.DType, like.Device);
    }

    private static Tensor PerImage(double[] values, Tensor like) => Tensor.From(values, values.Length, 1, 1).To(like.DType, like.Device);
}
