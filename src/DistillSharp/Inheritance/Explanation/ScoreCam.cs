using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Score-CAM (Wang et al., "Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks", CVPR workshops 2020, algorithm 1): no gradients. Each
/// channel's map, enlarged and brought to [0, 1], hides the rest of the network's input; the weight of a channel is the softmax over channels of
/// the class' logit then. The logit of a baseline input, which the paper subtracts, is the same for all channels and cancels in the softmax.
/// </summary>
public static class ScoreCam
{
    /// <summary>The maps of many images, in evaluation mode, a slice at a time; one pass through the network for each channel.</summary>
    /// <param name="model">The classifier; its mode stays as it is. Its input is hidden after the normalisation: what is hidden is the data's mean.</param>
    /// <param name="layer">Path of a layer that gives out maps <c>[N, C, h, w]</c>.</param>
    /// <param name="images">UInt8, or floating-point in [0, 1], <c>[N, C, H, W]</c>.</param>
    /// <param name="classes">The class whose logit is explained, for each image, Int64 <c>[N]</c>.</param>
    /// <param name="mostChannels">At most so many channels of each image count: those whose values differ most, from smallest to largest; the others have the weight 0.</param>
    /// <param name="slice">How many images at a time.</param>
    /// <returns>Maps <c>[N, h, w]</c>, at or above 0, on the CPU, of the model's type.</returns>
    /// <exception cref="MapSizeException">The layer gives out no maps, or maps of one pixel.</exception>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    public static Tensor Maps(ImageClassifier model, string layer, Tensor images, Tensor classes, int mostChannels = int.MaxValue, int slice = 64) =>
        Maps(model.Network, image => model.Normalize(ImageClassifier.ToUnitRange(image)), layer, images, classes, mostChannels, slice);

    /// <summary>The maps of a model that takes its images as they are.</summary>
    /// <inheritdoc cref="Maps(ImageClassifier, string, Tensor, Tensor, int, int)"/>
    public static Tensor Maps(Module model, string layer, Tensor images, Tensor classes, int mostChannels = int.MaxValue, int slice = 64) =>
        Maps(model, ImageClassifier.ToUnitRange, layer, images, classes, mostChannels, slice);

    private static Tensor Maps(Module network, Func<Tensor, Tensor> prepare, string layer, Tensor images, Tensor classes, int mostChannels, int slice) =>
        LayerMaps.Join(network, network.Call, layer, images, classes, slice, (taps, part, chosen) =>
        {
            using GradModeScope noGrad = Autograd.NoGrad();
            Tensor input = prepare(part);
            network.Call(input);
            Tensor features = Strongest(taps[layer], mostChannels);
            Tensor lowest = features.Amin([2, 3], keepdim: true), range = features.Amax([2, 3], keepdim: true) - lowest;
            Tensor even = range.Eq(0.0);
            Tensor masks = (features - lowest) / range.MaskedFill(even, 1.0);
            Tensor column = chosen.Unsqueeze(1);
            var scores = new Tensor[features.Size(1)];
            for (int channel = 0; channel < scores.Length; channel++)
            {
                // One channel at a time: no more memory than one pass takes.
                using var scope = new TensorScope();
                Tensor mask = masks.Narrow(1, channel, 1).UpsampleBilinear2d([input.Size(2), input.Size(3)], alignCorners: false);
                scores[channel] = scope.Keep(network.Call(input * mask).Gather(1, column));
            }

            // A channel that is the same everywhere hides nothing in particular, and says nothing of places.
            Tensor constant = even.Flatten(1);
            Tensor weights = Operators.Cat(scores, 1).MaskedFill(constant, float.MinValue).Softmax(1).MaskedFill(constant, 0.0);
            return (weights.Unsqueeze(2).Unsqueeze(3) * features).Sum(1).Relu();
        });

    /// <summary>The channels of each image whose values differ most, <c>[n, most, h, w]</c>.</summary>
    private static Tensor Strongest(Tensor features, int most)
    {
        (long count, long channels) = (features.Size(0), features.Size(1));
        if (channels <= most)
        {
            return features;
        }

        Tensor range = (features.Amax([2, 3]) - features.Amin([2, 3])).Flatten(1);
        Tensor order = range.Topk(most, 1).Item2;
        Tensor rows = order + (Operators.Arange(count, DType.Int64, features.Device).Unsqueeze(1) * (double)channels).To(DType.Int64);
        return features.Contiguous().View([count * channels, features.Size(2), features.Size(3)]).IndexSelect(0, rows.Flatten())
            .View([count, most, features.Size(2), features.Size(3)]);
    }
}
