using DistillSharp.Statistics;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Random textures that are the same for the same image, whatever other images there are.</summary>
public static class NoiseTextures
{
    /// <summary>Blurred uniform noise, each channel of each texture stretched to [0, 1]: Float32 <c>[N, C, H, W]</c> on the CPU.</summary>
    /// <param name="indices">A number for each texture, which alone decides how it looks; its index in the data set, for an image.</param>
    /// <param name="channels">How many channels.</param>
    /// <param name="height">Height, pixels.</param>
    /// <param name="width">Width, pixels.</param>
    /// <param name="sigma">How coarse: the standard deviation of the blur, pixels, above 0.</param>
    public static Tensor Make(IReadOnlyList<int> indices, long channels, long height, long width, double sigma)
    {
        using var scope = new TensorScope();
        int size = checked((int)(channels * height * width));
        var values = new float[indices.Count * size];
        for (int image = 0; image < indices.Count; image++)
        {
            var random = new Xoshiro256((ulong)indices[image]);
            for (int i = 0; i < size; i++)
            {
                values[(image * size) + i] = (float)((random.Next() >> 40) * (1.0 / (1 << 24)));
            }
        }

        Tensor noise = DomainImages.Blurred(Tensor.From(values, indices.Count, channels, height, width), sigma);
        Tensor least = noise.Amin([2, 3], keepdim: true), range = noise.Amax([2, 3], keepdim: true) - least;
        return scope.Keep((noise - least) / range.ClampMin(1e-6));
    }
}
