using DistillSharp.Data;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// torchvision's <c>RandomResizedCrop(size, scale=(s, s))</c> for tensors: a crop of the share s of the area, of a shape from 3:4 to 4:3, brought
/// back to the image's size by bilinear interpolation (Ojha et al. 2023, supplement 11.3). Two crops of an image are compared with each other; smaller is stronger.
/// </summary>
internal sealed class CropChange : ImageChange
{
    public override string Name => "crop";

    public override IReadOnlyList<double> Strengths { get; } = [0.6, 0.5, 0.4, 0.3];

    public override double Main => 0.4;

    public override bool ComparesTwo => true;

    public override string Axis => "share of the area of a crop";

    public override string Describe(double strength) => FormattableString.Invariant($"two crops of {100 * strength:0.#} % of the area");

    public override string? Problem(double strength, long channels, long height, long width) => OutOfRange(strength, 0.01, 1, "a share of the area");

    public override Tensor Apply(Tensor images, double strength, ulong seed)
    {
        using var scope = new TensorScope();
        var crop = new RandomResizedCrop(strength, strength);
        SeededRandom random = new SeedStream(seed).Random("crop-scale");
        Tensor input = ImageClassifier.ToUnitRange(images);
        var windows = new CropWindow[input.Size(0)];
        for (int i = 0; i < windows.Length; i++)
        {
            windows[i] = crop.Draw((int)input.Size(2), (int)input.Size(3), random);
        }

        return scope.Keep(RandomResizedCrop.Apply(input, windows));
    }
}
