using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Grad-CAM++ (Chattopadhay, Sarkar, Howlader, Balasubramanian: "Grad-CAM++: Generalized Gradient-Based Visual Explanations for Deep Convolutional
/// Networks", WACV 2018, eqs. 10 and 19): the weight of a channel is the sum over the map of <c>a * relu(g)</c>, where g is the gradient of the class' logit and
/// <c>a = g² / (2 g² + sum(A) g³) = 1 / (2 + sum(A) g)</c>, with the sum over the channel's map A.
/// </summary>
/// <remarks>
/// The paper derives this for the exponential of the logit, whose factor cancels in a. What is left of it in the weights, the exponential itself, is one
/// factor above 0 for the whole map of an image and is left out: it may overflow, and says nothing of places.
/// </remarks>
public static class GradCamPlusPlus
{
    /// <summary>The maps of many images, in evaluation mode, a slice at a time.</summary>
    /// <param name="model">The classifier; its mode and its parameters' gradients stay as they are.</param>
    /// <param name="layer">Path of a layer that gives out maps <c>[N, C, h, w]</c>, best after a ReLU, as in the paper.</param>
    /// <param name="images">UInt8, or floating-point in [0, 1], <c>[N, C, H, W]</c>.</param>
    /// <param name="classes">The class whose logit is explained, for each image, Int64 <c>[N]</c>.</param>
    /// <param name="slice">How many images at a time.</param>
    /// <returns>Maps <c>[N, h, w]</c>, at or above 0, on the CPU, of the model's type.</returns>
    /// <exception cref="MapSizeException">The layer gives out no maps, or maps of one pixel.</exception>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    public static Tensor Maps(ImageClassifier model, string layer, Tensor images, Tensor classes, int slice = 64) =>
        Maps(model.Network, model.Logits, layer, images, classes, slice);

    /// <summary>The maps of a model that takes its images as they are.</summary>
    /// <inheritdoc cref="Maps(ImageClassifier, string, Tensor, Tensor, int)"/>
    public static Tensor Maps(Module model, string layer, Tensor images, Tensor classes, int slice = 64) =>
        Maps(model, model.Call, layer, images, classes, slice);

    private static Tensor Maps(Module network, Func<Tensor, Tensor> logits, string layer, Tensor images, Tensor classes, int slice) =>
        LayerMaps.Join(network, logits, layer, images, classes, slice, (taps, part, chosen) =>
        {
            (Tensor features, Tensor gradient) = LayerMaps.Gradient(logits, taps, layer, part, chosen);
            using GradModeScope noGrad = Autograd.NoGrad();
            Tensor divisor = (features.Sum([2, 3], keepdim: true) * gradient) + 2.0;

            // Only places with a gradient above 0 count. There the divisor is above 2 where maps are not below 0; elsewhere it may be 0.
            Tensor share = gradient.Relu() / divisor.MaskedFill(divisor.Eq(0.0), 1.0);
            return (share.Sum([2, 3], keepdim: true) * features).Sum(1).Relu();
        });
}
