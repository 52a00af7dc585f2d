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
    private const int MostTries = 10;
    private const double NarrowestShape = 3.0 / 4, WidestShape = 4.0 / 3;

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
        SeededRandom random = new SeedStream(seed).Random("crop-scale");
        Tensor input = ImageClassifier.ToUnitRange(images);
        (int height, int width) = ((int)input.Size(2), (int)input.Size(3));
        var crops = new Tensor[input.Size(0)];
        for (int i = 0; i < crops.Length; i++)
        {
            (int top, int left, int cropHeight, int cropWidth) = Draw(height, width, strength, random);
            crops[i] = input.Rows(i, i + 1).Narrow(2, top, cropHeight).Narrow(3, left, cropWidth).UpsampleBilinear2d([height, width], alignCorners: false);
        }

        return scope.Keep(Operators.Cat(crops));
    }

    /// <summary>The window of one crop: ten tries for one that fits, else the largest in the middle within the allowed shapes.</summary>
    /// <param name="height">The image's height.</param>
    /// <param name="width">The image's width.</param>
    /// <param name="scale">The window's area over the image's.</param>
    /// <param name="random">Where shape and place are drawn.</param>
    internal static (int Top, int Left, int Height, int Width) Draw(int height, int width, double scale, SeededRandom random)
    {
        double area = height * width * scale;
        for (int attempt = 0; attempt < MostTries; attempt++)
        {
            double shape = Math.Exp(random.NextDouble(Math.Log(NarrowestShape), Math.Log(WidestShape)));
            int cropWidth = (int)Math.Round(Math.Sqrt(area * shape)), cropHeight = (int)Math.Round(Math.Sqrt(area / shape));
            if (cropWidth > 0 && cropWidth <= width && cropHeight > 0 && cropHeight <= height)
            {
                return (random.NextInt32(height - cropHeight + 1), random.NextInt32(width - cropWidth + 1), cropHeight, cropWidth);
            }
        }

        double own = (double)width / height;
        int middleWidth = own > WidestShape ? (int)Math.Round(height * WidestShape) : width;
        int middleHeight = own < NarrowestShape ? (int)Math.Round(width / NarrowestShape) : height;
        return ((height - middleHeight) / 2, (width - middleWidth) / 2, middleHeight, middleWidth);
    }
}
