using DistillSharp.Data;
using DistillSharp.Models;
using DistillSharp.Studies;
using DistillSharp.Torch.Serialization;
using DistillSharp.Training;
using DistillSharp.Weights;

namespace DistillSharp.Export;

/// <summary>A trained network out of a study's results or a file of weights, with all that goes with it into an ONNX file.</summary>
public sealed class ExportSource : IDisposable
{
    private ExportSource(ImageModel network, ImageTask task, OnnxExportOptions options) => (Network, Task, Options) = (network, task, options);

    /// <summary>The network with its trained weights.</summary>
    public ImageModel Network { get; }

    /// <summary>Images and classes.</summary>
    public ImageTask Task { get; }

    /// <summary>Name, normalisation, classes and the weights' SHA-256, as far as they are known.</summary>
    public OnnxExportOptions Options { get; }

    /// <summary>Reads a finished run out of a study's results folder; network, images, classes and normalisation follow from the study beside it.</summary>
    /// <param name="folder">The run's folder: <c>results/study/runs/key</c>.</param>
    /// <exception cref="FileNotFoundException">There is no finished run, or no study beside it.</exception>
    /// <exception cref="InvalidDataException">The study or the run is damaged, or the study's data cannot be read; the message says what to do.</exception>
    public static ExportSource FromRun(string folder)
    {
        string run = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RunRecord record = RunRecord.TryRead(run)
            ?? throw new FileNotFoundException($"{run}: expected the folder of a finished run (results/<study>/runs/<key>), found no {RunRecord.FileName} in it.");
        string study = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(run) ?? run) ?? run, "study.resolved.yaml");
        string weights = Path.Combine(run, TrainingRun.ModelFile);
        string instead = $"Name the file '{weights}' itself, and say with --model, --input, --mean and --std what the study would have said.";
        if (!File.Exists(study))
        {
            throw new FileNotFoundException($"{study}: expected the study that the run belongs to, found no such file. {instead}");
        }

        using var catalog = new StudyCatalog();
        StudyReadResult read = StudyReader.Read(study, catalog);
        if (!read.IsValid)
        {
            throw new InvalidDataException($"The study of the run cannot be read:\n  {string.Join("\n  ", read.Problems.Take(10))}\n{instead}");
        }

        PlannedRun planned = StudyPlan.Create(read.Study).Runs.FirstOrDefault(r => r.Key.ToString() == record.Key)
            ?? throw new InvalidDataException($"{study}: expected the study of the run '{record.Key}', found one without that run: it was changed since. {instead}");
        string sha256 = FileDigest.Sha256(weights);
        if (sha256 != record.ModelSha256)
        {
            throw new InvalidDataException($"{weights}: expected the weights that were trained (SHA-256 {record.ModelSha256}, says {RunRecord.FileName}), found others ({sha256}): the file is damaged or was replaced. Delete the folder '{run}' to train the run again.");
        }

        TrainTestData data = catalog.Load(read.Study.Data.Name, read.Study.Data.Path, read.Study.Data.Reading.Options);
        var task = new ImageTask(data.Train.Channels, data.Train.Height, data.Train.Width, data.Train.ClassNames.Count);
        ImageModel network = RunFactory.MakeNetwork(planned, task, seed: 0);
        try
        {
            using SafeTensorsContent content = SafeTensors.Read(weights);
            network.LoadStateDict(content.Tensors);
        }
        catch (Exception e)
        {
            network.Dispose();
            throw e is ArgumentException ? new InvalidDataException($"{weights}: {e.Message}", e) : e;
        }

        return new ExportSource(network, task, new OnnxExportOptions
        {
            Name = record.Architecture,
            Normalization = RunFactory.NormalizationOf(planned, data),
            ClassNames = [.. data.Train.ClassNames],
            WeightsSha256 = sha256,
        });
    }

    /// <summary>Reads a file of weights into a network of the zoo with its usual options.</summary>
    /// <param name="path">The file: safetensors, .pth or .pt.</param>
    /// <param name="model">The network's name; found by names and shapes where null.</param>
    /// <param name="hint">What is known of images and classes.</param>
    /// <param name="normalization">What the network's input is normalised by; null where it is not known.</param>
    /// <exception cref="WeightsMismatchException">The weights are another network's, or fit none exactly.</exception>
    /// <exception cref="ArgumentException">There is no such network, or none for such images; or mean and deviation are of another number of channels.</exception>
    public static ExportSource FromWeights(string path, string? model, ImageTaskHint hint, Normalization? normalization)
    {
        using WeightsFile file = WeightsFile.Open(path);
        string name = model ?? WeightsNetworks.Find(file.Entries).FirstOrDefault()?.Name
            ?? throw new ArgumentException($"The weights of '{path}' fit no network exactly. Name one with --model to see the differences.", nameof(path));
        NetworkFit fit = WeightsNetworks.Compare(ModelZoo.Get(name).Name, file.Entries, hint);
        if (normalization is not null && (normalization.Mean.Count != fit.Task.Channels || normalization.StandardDeviation.Count != fit.Task.Channels))
        {
            throw new ArgumentException(
                $"Mean and standard deviation take one number for each of the {fit.Task.Channels} channels, found {normalization.Mean.Count} and {normalization.StandardDeviation.Count}.", nameof(normalization));
        }

        ImageModel network = WeightsNetworks.Load(fit.Name, file, hint);
        return new ExportSource(network, fit.Task, new OnnxExportOptions { Name = fit.Name, Normalization = normalization, WeightsSha256 = FileDigest.Sha256(path) });
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
