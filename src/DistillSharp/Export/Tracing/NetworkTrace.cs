using DistillSharp.Data;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Export;

/// <summary>What a network computes for one batch of random images: every operator call, and the layer that each belongs to.</summary>
internal sealed class NetworkTrace : IDisposable
{
    /// <summary>How many images the first of the two traces has; the second has one more.</summary>
    public const int FirstBatch = 2;

    private readonly OperatorTrace _trace;
    private readonly Tensor _images;

    private NetworkTrace(OperatorTrace trace, Tensor images, TracedTensor? input, TracedTensor? logits, IReadOnlyList<string> layers)
    {
        _trace = trace;
        _images = images;
        Images = input;
        Logits = logits;
        Layers = layers;
    }

    /// <summary>The calls, in their order.</summary>
    public IReadOnlyList<OperatorCall> Calls => _trace.Calls;

    /// <summary>For each call the first layer that was finished after it: the call was made in that layer or on the way to it. Empty for the network itself.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>The images; null where no operator took them.</summary>
    public TracedTensor? Images { get; }

    /// <summary>The logits; null where no operator gave them.</summary>
    public TracedTensor? Logits { get; }

    /// <summary>Runs a network in evaluation mode without gradients; its mode is set back after.</summary>
    /// <param name="network">The network.</param>
    /// <param name="task">What it looks at.</param>
    /// <param name="normalization">What the images go through first; null for nothing.</param>
    /// <param name="batch">How many images.</param>
    public static NetworkTrace Of(ImageModel network, ImageTask task, Normalization? normalization, int batch)
    {
        bool training = network.IsTraining;
        network.Eval();
        var layers = new List<string>();
        using GradModeScope noGrad = Autograd.NoGrad();
        using var scope = new TensorScope();
        using var generator = new Generator((ulong)batch);
        Tensor images = Operators.Empty([batch, task.Channels, task.Height, task.Width], DType.Float32).UniformInPlace(0, 1, generator).Unscoped();
        (Tensor Mean, Tensor Scale)? normalize = normalization is null ? null : (PerChannel(normalization.Mean), PerChannel([.. normalization.StandardDeviation.Select(d => 1 / d)]));
        var trace = new OperatorTrace();
        var taps = network.NamedModules().Select(m => (Module: m.Value, Tap: (Action<Tensor>)(_ => Label(m.Key)))).ToList();
        try
        {
            taps.ForEach(t => t.Module.AddTap(t.Tap));
            Tensor input = normalize is { } n ? (images - n.Mean) * n.Scale : images;
            Label("normalize");
            Tensor logits = network.Call(input);
            trace.Stop();
            Label("");
            return new NetworkTrace(trace, images, trace.Find(images), trace.Find(logits), layers);
        }
        catch
        {
            trace.Dispose();
            images.Dispose();
            throw;
        }
        finally
        {
            taps.ForEach(t => t.Module.RemoveTap(t.Tap));
            network.Train(training);
        }

        void Label(string layer)
        {
            while (layers.Count < trace.Calls.Count)
            {
                layers.Add(layer);
            }
        }
    }

    /// <summary>The names in the network's state of the tensors that calls took.</summary>
    public Dictionary<TracedTensor, string> WeightNames(ImageModel network)
    {
        var names = new Dictionary<TracedTensor, string>();
        foreach ((string name, Tensor tensor) in network.StateDict())
        {
            if (_trace.Find(tensor) is { Producer: null } traced)
            {
                names.TryAdd(traced, name);
            }
        }

        return names;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trace.Dispose();
        _images.Dispose();
    }

    private static Tensor PerChannel(IReadOnlyList<double> values) => Tensor.From(values.ToArray(), 1, values.Count, 1, 1).To(DType.Float32);
}
