using DistillSharp.Data;
using DistillSharp.Models;
using DistillSharp.Studies;
using DistillSharp.Weights;

namespace DistillSharp.Auditing;

/// <summary>A model whose file was checked: it can be loaded, and answers images of the data with logits for their classes.</summary>
/// <param name="Option">The option that names it.</param>
/// <param name="Role">What it is in the audit.</param>
/// <param name="Label">The method's label of a student; empty for teachers.</param>
/// <param name="Path">The file with its weights, absolute.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="Key">The key of the state dict that is read; null for the usual one.</param>
/// <param name="Network">The network with the values of its options.</param>
/// <param name="Members">How many of these networks answer as one; 0 for a single network.</param>
/// <param name="Parameters">How many weights it has.</param>
/// <param name="Normalization">What its input is normalised by.</param>
/// <param name="Run">The record of the run that it was given as; null for a file.</param>
public sealed record AuditedModel(
    string Option,
    RunRole Role,
    string Label,
    string Path,
    string Sha256,
    string? Key,
    ModelDefinition Network,
    int Members,
    long Parameters,
    Normalization Normalization,
    RunRecord? Run)
{
    /// <summary>Its place among the models that it is paired with; 0 for teachers.</summary>
    public int Seed { get; init; }

    /// <summary>The network in words, e.g. <c>convnet 16-32-64</c>.</summary>
    public string Architecture => Members == 0 ? RunRecord.ArchitectureOf(Network) : FormattableString.Invariant($"{Members} x {RunRecord.ArchitectureOf(Network)}");

    /// <summary>Names it in results: role, label, seed and the beginning of its SHA-256.</summary>
    public string Name => FormattableString.Invariant($"{Role.ToName()}{(Label.Length > 0 ? "-" + Label : "")}-s{Seed}-{Sha256[..12]}");

    /// <summary>The model in evaluation mode; the caller disposes it.</summary>
    /// <param name="task">Images and classes of the data.</param>
    /// <exception cref="WeightsMismatchException">The file has changed since it was checked, and no longer fits.</exception>
    internal ImageClassifier Load(ImageTask task)
    {
        ImageModel network = Make(Network, Members, task);
        try
        {
            using WeightsFile file = WeightsFile.Open(Path, Key);
            file.LoadInto(network);
            network.Eval();
            return new ImageClassifier(network, Normalization.Mean, Normalization.StandardDeviation);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The network with fresh weights.</summary>
    internal static ImageModel Make(ModelDefinition network, int members, ImageTask task)
    {
        ImageModel One() => ModelZoo.Create(network.Name, task, seed: 0, network.Options);

        return members == 0 ? One() : new EnsembleModel([.. Enumerable.Range(0, members).Select(_ => One())]);
    }
}
