using System.Globalization;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Training;

/// <summary>
/// The state of an unfinished run in one safetensors file: the network's weights and buffers, the optimiser's and the method's state,
/// the position and the sums of the epoch. The learning rate and every random draw follow from the position alone
/// (docs/decisions/0002-randomness-by-position.md), so the position is their state.
/// </summary>
internal static class Checkpoint
{
    public const string FileName = "checkpoint.safetensors";
    private const string Format = "2";
    private const string DigestKey = "digest";

    public static void Save(TrainingRun run, string folder, string definition)
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["definition"] = definition,
            ["epoch"] = run.Position.Epoch.ToString(CultureInfo.InvariantCulture),
            ["batch"] = run.Position.Batch.ToString(CultureInfo.InvariantCulture),
            ["optimizer_steps"] = run.Optimizer.Steps.ToString(CultureInfo.InvariantCulture),
            ["history"] = string.Join('\n', run.History.Select(h => h.ToCsv())),
            ["seconds"] = string.Join(',', run.EpochSeconds.Select(s => s.ToString("R", CultureInfo.InvariantCulture))),
            ["torch_threads"] = TorchRuntime.Threads.ToString(CultureInfo.InvariantCulture),
        };
        if (run.Ledger is { } ledger)
        {
            metadata["sums"] = ledger.State;
        }

        List<KeyValuePair<string, Tensor>> tensors = Tensors(run);
        metadata[DigestKey] = SafeTensors.Digest(tensors, metadata);
        SafeTensors.Write(Path.Combine(folder, FileName), tensors.Select(t => (t.Key, t.Value)), metadata);
    }

    /// <summary>Takes over the run's checkpoint where there is one.</summary>
    /// <returns>With how many libtorch threads it was made; null where there is no checkpoint.</returns>
    public static int? TryLoad(TrainingRun run, string folder, string definition)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        using var scope = new TensorScope();
        LossLedger? ledger = null;
        try
        {
            using SafeTensorsContent content = SafeTensors.Read(path);
            IReadOnlyDictionary<string, string> metadata = content.Metadata;
            Check(path, content, definition);
            run.Classifier.Network.LoadStateDict(Part(content, "model."));
            run.Method.LoadState(Part(content, "method."));
            run.Optimizer.LoadState(long.Parse(metadata["optimizer_steps"], CultureInfo.InvariantCulture), Part(content, "optimizer."));
            ledger = metadata.TryGetValue("sums", out string? sums) ? LossLedger.FromState(sums, run.BatchesPerEpoch) : null;
            run.Restore(
                new TrainingPosition(int.Parse(metadata["epoch"], CultureInfo.InvariantCulture), int.Parse(metadata["batch"], CultureInfo.InvariantCulture)),
                ledger,
                metadata["history"].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(EpochMetrics.FromCsv).ToList(),
                metadata["seconds"].Split(',').Select(s => double.Parse(s, CultureInfo.InvariantCulture)).ToList());
            return int.Parse(metadata["torch_threads"], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is SafeTensorsException or ArgumentException or FormatException or KeyNotFoundException or OverflowException)
        {
            ledger?.Dispose();
            throw new CheckpointException(path, $"the checkpoint cannot be used: {e.Message}");
        }
    }

    private static void Check(string path, SafeTensorsContent content, string definition)
    {
        IReadOnlyDictionary<string, string> metadata = content.Metadata;
        if (metadata.GetValueOrDefault("format") != Format)
        {
            throw new CheckpointException(path, $"expected a checkpoint of format {Format}, found '{metadata.GetValueOrDefault("format", "none")}'.");
        }

        if (metadata.GetValueOrDefault("definition") is var found && found != definition)
        {
            throw new CheckpointException(path, $"expected a checkpoint of the run '{definition}', found one of '{found}'.");
        }

        string digest = SafeTensors.Digest(content.Tensors, metadata.Where(m => m.Key != DigestKey));
        if (metadata.GetValueOrDefault(DigestKey) is var kept && kept != digest)
        {
            throw new CheckpointException(path, $"the checkpoint is damaged: expected content with the digest {kept ?? "(none kept)"}, found {digest}.");
        }
    }

    private static List<KeyValuePair<string, Tensor>> Tensors(TrainingRun run) =>
    [
        .. run.Classifier.Network.StateDict().Select(p => KeyValuePair.Create("model." + p.Key, p.Value)),
        .. run.Optimizer.StateDict().Select(p => KeyValuePair.Create("optimizer." + p.Key, p.Value)),
        .. run.Method.StateDict().Select(p => KeyValuePair.Create("method." + p.Key, p.Value)),
    ];

    private static Dictionary<string, Tensor> Part(SafeTensorsContent content, string prefix) =>
        content.Tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(t => t.Key[prefix.Length..], t => t.Value);
}
