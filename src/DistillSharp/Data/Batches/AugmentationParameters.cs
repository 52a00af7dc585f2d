namespace DistillSharp.Data;

/// <summary>What was drawn for each image of a batch. Every kind is drawn from a seed of its own: switching one on leaves the others as they were.</summary>
/// <param name="Top">Row of the padded image where the crop begins, 0 to twice the padding.</param>
/// <param name="Left">Column of the padded image where the crop begins, 0 to twice the padding.</param>
/// <param name="Flipped">True where left and right are swapped, after the crop.</param>
/// <param name="Windows">What the resized crop keeps, after the flip; empty without one.</param>
/// <param name="Degrees">Angles of the rotation; empty without one.</param>
/// <param name="Brightness">Factors; 1 changes nothing.</param>
/// <param name="Contrast">Factors; 1 changes nothing.</param>
/// <param name="Saturation">Factors; 1 changes nothing.</param>
/// <param name="Hue">Turns of the colour circle; 0 changes nothing.</param>
internal sealed record AugmentationParameters(
    int[] Top, int[] Left, bool[] Flipped, CropWindow[] Windows, double[] Degrees, float[] Brightness, float[] Contrast, float[] Saturation, float[] Hue)
{
    public static AugmentationParameters Draw(Augmentation augmentation, int count, int height, int width, ulong seed)
    {
        var seeds = new SeedStream(seed);
        return new AugmentationParameters(
            Each("crop-top", random => random.NextInt32((2 * augmentation.Crop) + 1)),
            Each("crop-left", random => random.NextInt32((2 * augmentation.Crop) + 1)),
            Each("flip", random => augmentation.Flip && random.NextInt32(2) == 1),
            augmentation.ResizedCrop is { } crop ? Each("resized-crop", random => crop.Draw(height, width, random)) : [],
            augmentation.Rotation is { } rotation ? Each("rotation", rotation.Draw) : [],
            Factors("brightness", augmentation.Brightness),
            Factors("contrast", augmentation.Contrast),
            Factors("saturation", augmentation.Saturation),
            Each("hue", random => (float)random.NextDouble(-augmentation.Hue, augmentation.Hue)));

        float[] Factors(string purpose, double strength) =>
            Each(purpose, random => (float)random.NextDouble(Math.Max(0, 1 - strength), 1 + strength));

        T[] Each<T>(string purpose, Func<SeededRandom, T> draw)
        {
            SeededRandom random = seeds.Random(purpose);
            var values = new T[count];
            for (int i = 0; i < count; i++)
            {
                values[i] = draw(random);
            }

            return values;
        }
    }
}
