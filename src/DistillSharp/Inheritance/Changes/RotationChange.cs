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
        using var scope = new TensorScope();
        var rotation = new RandomRotation(strength, bilinear: true);
        SeededRandom random = new SeedStream(seed).Random("rotation");
        var degrees = new double[images.Size(0)];
        for (int i = 0; i < degrees.Length; i++)
        {
            degrees[i] = rotation.Draw(random);
        }

        return scope.Keep(RandomRotation.Apply(ImageClassifier.ToUnitRange(images), degrees, rotation.Bilinear));
    }
}
