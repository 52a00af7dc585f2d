using DistillSharp.Nn;
using DistillSharp.Torch;
using DistillSharp.Weights;

namespace DistillSharp.Models;

/// <summary>
/// A network with the normalisation of its input: from images in [0, 1] to logits. Attacks and analyses act on the images,
/// so the normalisation belongs to the classifier and not to the data.
/// </summary>
public sealed class ImageClassifier : IDisposable
{
    private readonly Tensor _mean;
    private readonly Tensor _inverseDeviation;
    private readonly MemoryFormat _layout;

    /// <summary>Takes over a network.</summary>
    /// <param name="network">From normalised images to logits; disposed with the classifier.</param>
    /// <param name="mean">Mean of each channel, in [0, 1].</param>
    /// <param name="deviation">Standard deviation of each channel, above 0.</param>
    /// <param name="layout">
    /// How maps and kernels lie in memory. Channels-last is 1.1 to 1.9 times as fast in training for every network measured (docs/results/memory-layout.md);
    /// it changes the last digits of results at most.
    /// </param>
    public ImageClassifier(ImageModel network, IReadOnlyList<double> mean, IReadOnlyList<double> deviation, MemoryFormat layout = MemoryFormat.ChannelsLast)
    {
        using var scope = new TensorScope();
        _layout = layout;
        network.To(layout);
        Network = network;
        Tensor like = network.Parameters()[0];
        _mean = Tensor.From(mean.ToArray(), 1, mean.Count, 1, 1).To(like.DType, like.Device).Unscoped();
        _inverseDeviation = Tensor.From(deviation.Select(d => 1 / d).ToArray(), 1, deviation.Count, 1, 1).To(like.DType, like.Device).Unscoped();
    }

    /// <summary>The network behind the normalisation.</summary>
    public ImageModel Network { get; }

    /// <summary>What the classifier normalises by.</summary>
    public Data.Normalization Normalization => new(_mean.ToArray<double>(), _inverseDeviation.ToArray<double>().Select(d => 1 / d).ToArray());

    /// <summary>The logits <c>[N, classes]</c> of images <c>[N, C, H, W]</c> in [0, 1].</summary>
    public Tensor Logits(Tensor images) => Network.Call(Normalize(images).Contiguous(_layout));

    /// <summary>What the network takes: (image - mean) / deviation.</summary>
    public Tensor Normalize(Tensor images) => (images - _mean) * _inverseDeviation;

    /// <summary>The logits of many images in evaluation mode without gradients, a slice at a time; the mode is set back after.</summary>
    /// <param name="images">Float32 in [0, 1], or UInt8 (scaled by 1/255), <c>[N, C, H, W]</c>.</param>
    /// <param name="slice">How many images at a time. From 64 to 500 take the same time an image (docs/results/training-speed.md); small slices share out better among threads.</param>
    public Tensor Evaluate(Tensor images, int slice = 100)
    {
        bool training = Network.IsTraining;
        Network.Eval();
        try
        {
            return SideBySide.Join(images.Size(0), slice, _mean.Device, (start, end) =>
            {
                using GradModeScope noGrad = Autograd.NoGrad();
                return Logits(ToUnitRange(images.Rows(start, end)));
            });
        }
        finally
        {
            Network.Train(training);
        }
    }

    /// <summary>A second classifier with the same weights and mode.</summary>
    /// <exception cref="InvalidOperationException">The network was not made by <see cref="ModelZoo"/>, so nothing knows how to make another.</exception>
    public ImageClassifier Copy()
    {
        ImageModel alike = Network.MakeAlike?.Invoke()
            ?? throw new InvalidOperationException($"{Network.GetType().Name} was not made by ModelZoo: nothing knows how to make another of it.");
        Tensor like = Network.Parameters()[0];
        alike.To(like.DType, like.Device);
        alike.LoadStateDict(Network.StateDict());
        alike.Train(Network.IsTraining);
        Data.Normalization normalization = Normalization;
        return new ImageClassifier(alike, normalization.Mean, normalization.StandardDeviation, _layout);
    }

    /// <summary>Writes the weights under PyTorch's names: for <c>torch.load</c> where the name ends in <c>.pth</c> or <c>.pt</c>, else as safetensors.</summary>
    public void Save(string path) => WeightsFile.Write(path, Network.StateDict());

    /// <summary>Bytes as Float32 in [0, 1]; floating-point images as they are.</summary>
    public static Tensor ToUnitRange(Tensor images) => Data.UnitRange.Of(images);

    /// <inheritdoc/>
    public void Dispose()
    {
        _mean.Dispose();
        _inverseDeviation.Dispose();
        Network.Dispose();
        GC.SuppressFinalize(this);
    }
}
