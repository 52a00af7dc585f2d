using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>What layers of a model make of images, in evaluation mode and without gradients; disposing frees it.</summary>
internal sealed class LayerFeatures : IDisposable
{
    private LayerFeatures(IReadOnlyList<string> layers, Tensor grams, Tensor embedding)
    {
        Layers = layers;
        Grams = grams;
        Embedding = embedding;
    }

    /// <summary>The layers' paths.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>For each whole batch and layer the Gram matrix of <see cref="MinibatchCka.Gram"/>: Float64 <c>[batches, layers, n, n]</c>.</summary>
    public Tensor Grams { get; }

    /// <summary>The penultimate features of all images, <c>[N, F]</c>, on the CPU.</summary>
    public Tensor Embedding { get; }

    /// <summary>Asks a model.</summary>
    /// <param name="model">The model; its mode is restored.</param>
    /// <param name="layers">Paths of layers.</param>
    /// <param name="images">Images <c>[N, C, H, W]</c>, in the order of their batches.</param>
    /// <param name="batch">Images a batch; those left over at the end have no Gram matrix.</param>
    /// <exception cref="ArgumentException">There is no layer of a name; the message names the nearest.</exception>
    public static LayerFeatures Of(ImageClassifier model, IReadOnlyList<string> layers, Tensor images, int batch)
    {
        using var scope = new TensorScope();
        using var mode = new EvaluationMode(model.Network);
        using GradModeScope noGrad = Autograd.NoGrad();
        string last = model.Network.PenultimateLayer;
        using var taps = new TapRecorder(model.Network, layers.Append(last));
        var grams = new List<Tensor>();
        var embeddings = new List<Tensor>();
        for (long start = 0; start < images.Size(0); start += batch)
        {
            using var inner = new TensorScope();
            long end = Math.Min(images.Size(0), start + batch);
            model.Logits(ImageClassifier.ToUnitRange(images.Rows(start, end)));
            embeddings.Add(inner.Keep(taps[last].Reshape([end - start, -1]).To(Device.Cpu).Clone()));
            if (end - start == batch)
            {
                grams.Add(inner.Keep(Operators.Stack([.. layers.Select(l => MinibatchCka.Gram(taps[l]))])));
            }

            taps.Clear();
        }

        Tensor all = grams.Count > 0 ? Operators.Stack([.. grams]) : Operators.Zeros([0, layers.Count, batch, batch], DType.Float64);
        return new LayerFeatures(layers, all.Unscoped(), Operators.Cat([.. embeddings]).Unscoped());
    }

    public void Dispose()
    {
        Grams.Dispose();
        Embedding.Dispose();
    }
}
