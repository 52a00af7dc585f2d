using System.Globalization;
using System.Reflection;
using System.Text.Json;
using DistillSharp.Models;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Export;

/// <summary>
/// Writes a network as an ONNX file (operator set 17) from images <c>[N, C, H, W]</c> to logits <c>[N, classes]</c>, for every N. The
/// network is evaluated twice, with two batches, and what it computes is written down; it needs no code of its own.
/// </summary>
public static class OnnxExporter
{
    /// <summary>The name of the graph's input: images <c>[N, C, H, W]</c>, Float32.</summary>
    public const string InputName = "images";

    /// <summary>The name of the graph's output: logits <c>[N, classes]</c>, Float32.</summary>
    public const string OutputName = "logits";

    /// <summary>Writes a network to a file, whole or not at all.</summary>
    /// <param name="network">The network, Float32 on the CPU.</param>
    /// <param name="task">Image and classes.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="options">What goes with it; nothing where null.</param>
    /// <exception cref="OnnxExportException">The network cannot be written as ONNX; the message names the operator and the layer.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static OnnxExportSummary Export(ImageModel network, ImageTask task, string path, OnnxExportOptions? options = null)
    {
        OnnxExportSummary? summary = null;
        AtomicFile.Write(path, stream => summary = Export(network, task, stream, options));
        return summary!;
    }

    /// <summary>Writes a network with its normalisation to a file, whole or not at all.</summary>
    /// <param name="classifier">The network with its normalisation, which takes the place of that of the options.</param>
    /// <param name="task">Image and classes.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="options">What goes with it; nothing where null.</param>
    /// <exception cref="OnnxExportException">The network cannot be written as ONNX; the message names the operator and the layer.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static OnnxExportSummary Export(ImageClassifier classifier, ImageTask task, string path, OnnxExportOptions? options = null) =>
        Export(classifier.Network, task, path, (options ?? new()) with { Normalization = classifier.Normalization });

    /// <summary>Writes a network to a stream.</summary>
    /// <param name="network">The network, Float32 on the CPU.</param>
    /// <param name="task">Image and classes.</param>
    /// <param name="stream">Where it goes; nothing is written before the whole network is understood.</param>
    /// <param name="options">What goes with it; nothing where null.</param>
    /// <exception cref="OnnxExportException">The network cannot be written as ONNX; the message names the operator and the layer.</exception>
    public static OnnxExportSummary Export(ImageModel network, ImageTask task, Stream stream, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(task);
        options ??= new OnnxExportOptions();
        TorchRuntime.EnsureStarted();
        CheckWeights(network);
        Data.Normalization? inside = options.NormalizeInside ? options.Normalization : null;
        using NetworkTrace first = NetworkTrace.Of(network, task, inside, NetworkTrace.FirstBatch);
        using NetworkTrace second = NetworkTrace.Of(network, task, inside, NetworkTrace.FirstBatch + 1);
        var traces = new TracePair(first, second);
        CheckLogits(traces, task);
        OnnxGraph graph = GraphConverter.Convert(traces, first.WeightNames(network));
        string name = options.Name ?? (network.ZooName.Length > 0 ? network.ZooName : network.GetType().Name);
        ProtoMessage model = OnnxModelFile.Build(
            graph,
            name,
            (InputName, [task.Channels, task.Height, task.Width]),
            (OutputName, [task.Classes]),
            Version(),
            Metadata(name, task, options));
        OnnxModelFile.Write(model, stream);
        return new OnnxExportSummary(
            graph.Nodes.Count,
            model.Size,
            FormattableString.Invariant($"{InputName} [{OnnxModelFile.BatchDimension}, {task.Channels}, {task.Height}, {task.Width}]"),
            FormattableString.Invariant($"{OutputName} [{OnnxModelFile.BatchDimension}, {task.Classes}]"));
    }

    private static void CheckWeights(ImageModel network)
    {
        foreach ((string name, Tensor tensor) in network.NamedParameters())
        {
            if (tensor.DType != DType.Float32 || tensor.Device.IsCuda)
            {
                throw new OnnxExportException($"The network's weights have to be Float32 on the CPU; '{name}' is {tensor}. Convert the network first: network.To(DType.Float32, Device.Cpu).");
            }
        }
    }

    private static void CheckLogits(TracePair traces, ImageTask task)
    {
        BatchedSize[] expected = [new(1, 0), new(0, task.Classes)];
        if (!traces.Shape(traces.Logits).SequenceEqual(expected) || traces.Logits.DType != DType.Float32)
        {
            throw new OnnxExportException(
                $"The network has to give logits [N, {task.Classes}] of Float32; for {NetworkTrace.FirstBatch} images it gives {traces.Logits.DType} [{string.Join(", ", traces.Logits.Shape)}].");
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Metadata(string name, ImageTask task, OnnxExportOptions options)
    {
        yield return new("network", name);
        yield return new("classes", task.Classes.ToString(CultureInfo.InvariantCulture));
        if (options.ClassNames is { } names)
        {
            yield return new("class_names", JsonSerializer.Serialize(names.ToArray(), OnnxJson.Default.StringArray));
        }

        if (options.Normalization is { } normalization)
        {
            yield return new("mean", JsonSerializer.Serialize(normalization.Mean.ToArray(), OnnxJson.Default.DoubleArray));
            yield return new("std", JsonSerializer.Serialize(normalization.StandardDeviation.ToArray(), OnnxJson.Default.DoubleArray));
        }

        bool normalizes = options.NormalizeInside && options.Normalization is not null;
        yield return new("input", normalizes ? "images in [0, 1]; the graph normalises them" : "images that are normalised already: (image in [0, 1] - mean) / std");
        if (options.WeightsSha256 is { } digest)
        {
            yield return new("weights_sha256", digest);
        }
    }

    private static string Version() =>
        typeof(OnnxExporter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
