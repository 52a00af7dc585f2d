using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>What explanations of a layer share: slices of images in evaluation mode, the check of the layer, the gradient at it.</summary>
internal static class LayerMaps
{
    /// <summary>Makes maps a slice at a time; the network's mode is set back after.</summary>
    /// <param name="network">The network.</param>
    /// <param name="logits">From images to logits through the network.</param>
    /// <param name="layer">Path of a layer that gives out maps <c>[N, C, h, w]</c>.</param>
    /// <param name="images">UInt8, or floating-point in [0, 1], <c>[N, C, H, W]</c>.</param>
    /// <param name="classes">The class that is explained, for each image, Int64 <c>[N]</c>.</param>
    /// <param name="slice">How many images at a time.</param>
    /// <param name="make">From a recorder at the layer, a slice's images as given and its classes to maps <c>[n, h, w]</c>.</param>
    /// <returns>Maps <c>[N, h, w]</c> on the CPU.</returns>
    /// <exception cref="MapSizeException">The layer gives out no maps, or maps of one pixel.</exception>
    public static Tensor Join(Module network, Func<Tensor, Tensor> logits, string layer, Tensor images, Tensor classes, int slice, Func<TapRecorder, Tensor, Tensor, Tensor> make)
    {
        using var mode = new EvaluationMode(network);
        using var taps = new TapRecorder(network, [layer]);
        Device device = network.Parameters() is [Tensor first, ..] ? first.Device : images.Device;
        CheckLayer(network, logits, taps, layer, images.Rows(0, 1).To(device));
        return SideBySide.Join(images.Size(0), slice, device, (start, end) =>
        {
            Tensor map = make(taps, images.Rows(start, end).Detach().To(device), classes.Rows(start, end).To(device));
            taps.Clear();
            return map.To(Device.Cpu);
        });
    }

    /// <summary>What the layer gives out, and the gradient there of the chosen classes' logits, both <c>[n, C, h, w]</c>, without graph.</summary>
    /// <param name="logits">From images in [0, 1] to logits.</param>
    /// <param name="taps">Records the layer.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="images">UInt8, or floating-point in [0, 1], <c>[n, C, H, W]</c>.</param>
    /// <param name="classes">The class of each image, Int64 <c>[n]</c>.</param>
    public static (Tensor Features, Tensor Gradient) Gradient(Func<Tensor, Tensor> logits, TapRecorder taps, string layer, Tensor images, Tensor classes)
    {
        using GradModeScope recording = Autograd.EnableGrad();

        // The images ask for gradients, so that the layer has a place in the graph also where the network is frozen.
        Tensor input = ImageClassifier.ToUnitRange(images).Detach();
        input.RequiresGrad = true;
        Tensor output = logits(input);
        Tensor features = taps[layer];

        // In evaluation mode images do not see each other: the gradient of the sum holds each image's own.
        Tensor chosen = output.Gather(1, classes.Unsqueeze(1)).Sum();
        return (features.Detach(), Autograd.Gradients(chosen, [features])[0]);
    }

    private static void CheckLayer(Module network, Func<Tensor, Tensor> logits, TapRecorder taps, string layer, Tensor image)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        Tensor input = ImageClassifier.ToUnitRange(image).Detach();
        logits(input);
        Tensor features = taps[layer];
        if (features.Dimensions != 4 || features.Size(2) * features.Size(3) <= 1)
        {
            throw MapSizeException.For(network, layer, features, () => logits(input));
        }

        taps.Clear();
    }
}
