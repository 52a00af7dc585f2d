using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Gradient-weighted class activation maps (Selvaraju et al., ICCV 2017, eqs. 1 and 2): where a layer's maps speak for a class.
/// The weight of a channel is the mean, over the map, of the gradient of the class' logit; the map is the weighted sum of the channels.
/// </summary>
public static class GradCam
{
    /// <summary>The maps of many images, in evaluation mode, a slice at a time.</summary>
    /// <param name="model">The classifier; its mode and its parameters' gradients stay as they are.</param>
    /// <param name="layer">Path of a layer that gives out maps <c>[N, C, h, w]</c>.</param>
    /// <param name="images">UInt8, or floating-point in [0, 1], <c>[N, C, H, W]</c>.</param>
    /// <param name="classes">The class whose logit is explained, for each image, Int64 <c>[N]</c>.</param>
    /// <param name="relu">True to keep only what speaks for the class (the usual map); false for the sum before the ReLU.</param>
    /// <param name="slice">How many images at a time.</param>
    /// <returns>Maps <c>[N, h, w]</c> on the CPU, of the model's type.</returns>
    /// <exception cref="MapSizeException">The layer gives out no maps, or maps of one pixel.</exception>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    public static Tensor Maps(ImageClassifier model, string layer, Tensor images, Tensor classes, bool relu = true, int slice = 64) =>
        Maps(model.Network, model.Logits, layer, images, classes, relu, slice);

    /// <summary>The maps of a model that takes its images as they are.</summary>
    /// <inheritdoc cref="Maps(ImageClassifier, string, Tensor, Tensor, bool, int)"/>
    public static Tensor Maps(Module model, string layer, Tensor images, Tensor classes, bool relu = true, int slice = 64) =>
        Maps(model, model.Call, layer, images, classes, relu, slice);

    /// <summary>The cosine of two maps of each image, [N]; NaN where either is zero throughout, because it then points nowhere.</summary>
    /// <param name="first">Maps <c>[N, h, w]</c>.</param>
    /// <param name="second">Maps of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static double[] Cosines(Tensor first, Tensor second)
    {
        if (!first.Shape.SequenceEqual(second.Shape))
        {
            throw new ArgumentException($"Maps of the same shape were expected, found {first} and {second}; Resize brings them to one size.", nameof(second));
        }

        using var scope = new TensorScope();
        (Tensor a, Tensor b) = (Normalised(first), Normalised(second));
        double[] cosines = (a * b).Sum(1).ToArray<double>();
        bool[] zero = [.. IsZero(first).Zip(IsZero(second), (x, y) => x || y)];
        for (int i = 0; i < cosines.Length; i++)
        {
            cosines[i] = zero[i] ? double.NaN : cosines[i];
        }

        return cosines;
    }

    /// <summary>True for each map of <c>[N, h, w]</c> that is zero throughout.</summary>
    public static bool[] IsZero(Tensor maps)
    {
        using var scope = new TensorScope();
        return Array.ConvertAll(maps.Detach().Flatten(1).Abs().Amax([1]).ToArray<double>(), largest => largest == 0);
    }

    /// <summary>Maps brought to another size by bilinear interpolation (pixel centres, not corners, are aligned).</summary>
    /// <param name="maps">Maps <c>[N, h, w]</c>.</param>
    /// <param name="height">The height wanted.</param>
    /// <param name="width">The width wanted.</param>
    /// <returns>Maps <c>[N, height, width]</c>.</returns>
    public static Tensor Resize(Tensor maps, long height, long width)
    {
        using var scope = new TensorScope();
        return scope.Keep(maps.Unsqueeze(1).UpsampleBilinear2d([height, width], alignCorners: false).Squeeze(1));
    }

    private static Tensor Maps(Module network, Func<Tensor, Tensor> logits, string layer, Tensor images, Tensor classes, bool relu, int slice) =>
        LayerMaps.Join(network, logits, layer, images, classes, slice, (taps, part, chosen) =>
        {
            (Tensor features, Tensor gradient) = LayerMaps.Gradient(logits, taps, layer, part, chosen);
            using GradModeScope noGrad = Autograd.NoGrad();
            Tensor map = (gradient.Mean([2, 3], keepdim: true) * features).Sum(1);
            return relu ? map.Relu() : map;
        });

    /// <summary>Divided by the largest value first: squares of tiny maps would be lost.</summary>
    private static Tensor Normalised(Tensor maps)
    {
        Tensor rows = maps.Detach().To(DType.Float64).Flatten(1);
        Tensor scaled = rows / rows.Abs().Amax([1], keepdim: true);
        return scaled / scaled.Square().Sum(1, keepdim: true).Sqrt();
    }
}
