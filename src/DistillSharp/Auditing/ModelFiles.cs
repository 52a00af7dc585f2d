using System.Globalization;
using DistillSharp.Data;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Studies;
using DistillSharp.Torch.Serialization;
using DistillSharp.Training;
using DistillSharp.Weights;

namespace DistillSharp.Auditing;

/// <summary>
/// Checks the file of each model: what it holds, which network it is of, whether that network goes with the data. No weights are read and
/// nothing in a file is run.
/// </summary>
/// <param name="task">Images and classes of the data; null where the data could not be read, and then only the files are checked.</param>
/// <param name="usual">What a network normalises by where nothing else is said.</param>
/// <param name="problems">Where problems go.</param>
internal sealed class ModelFiles(ImageTask? task, Normalization? usual, List<AuditProblem> problems)
{
    // Students of one network are recognised once.
    private readonly Dictionary<string, IReadOnlyList<NetworkFit>> _recognised = [];

    /// <summary>Checks one model; null where it has problems, or the data have.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="role">What it is said to be.</param>
    /// <param name="label">Its label; null for that of its run, or <c>student</c>.</param>
    /// <param name="given">The file or the run's folder.</param>
    /// <param name="reading">How it is read.</param>
    public AuditedModel? Check(string option, RunRole role, string? label, string given, ModelReading reading)
    {
        int before = problems.Count;
        try
        {
            (string path, RunRecord? run, string? hint) = Locate(option, role, given);
            if (problems.Count > before)
            {
                return null;
            }

            using WeightsFile file = WeightsFile.Open(path, reading.Key);
            if (task is null || usual is null || Identify(option, file, reading, hint) is not { } network || NormalizationOf(option, reading) is not { } normalization)
            {
                return null;
            }

            long parameters = Fit(option, file, network.Network, network.Members);
            string sha = FileDigest.Sha256(path);
            if (run is not null && run.ModelSha256 != sha)
            {
                Add(AuditProblemKind.File, option, $"'{path}': expected the weights that were trained (SHA-256 {run.ModelSha256}, says {RunRecord.FileName}), found others ({sha}).");
            }

            string method = role is RunRole.Student or RunRole.CrossStudent ? label ?? run?.Method ?? "student" : role == RunRole.Independent ? role.ToName() : "";
            return problems.Count > before ? null : new AuditedModel(option, role, method, path, sha, reading.Key, network.Network, network.Members, parameters, normalization, run);
        }
        catch (ArgumentException e)
        {
            Add(AuditProblemKind.Request, option, AuditProblem.MessageOf(e));
        }
        catch (Exception e) when (e is PyTorchFileException or SafeTensorsException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Add(AuditProblemKind.File, option, e.Message);
        }

        return null;
    }

    private void Add(AuditProblemKind kind, string option, string message) => problems.Add(new AuditProblem(kind, option, message));

    /// <summary>The file of the weights, the run that was given, and what a run's record says of the network.</summary>
    private (string Path, RunRecord? Run, string? Architecture) Locate(string option, RunRole role, string given)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(given));
        if (File.Exists(full))
        {
            // A copy of a run's weights is a file like any other; beside its record the network is known.
            RunRecord? beside = Path.GetFileName(full) == TrainingRun.ModelFile ? TryRecord(Path.GetDirectoryName(full)!) : null;
            return (full, null, beside?.Architecture);
        }

        if (!Directory.Exists(full))
        {
            Add(AuditProblemKind.File, option, $"'{given}': expected a file of weights (.pth, .pt, .safetensors) or the folder of a finished run, found no such file.");
            return (full, null, null);
        }

        if (RunRecord.TryRead(full) is not { } run)
        {
            Add(AuditProblemKind.File, option, $"'{given}': expected the folder of a finished run with its {RunRecord.FileName}, found a folder without it. A run of a study lies below its results folder, in runs/.");
            return (full, null, null);
        }

        if (run.Role != role.ToName() && !(role is RunRole.Teacher or RunRole.OtherTeacher && run.Role is "teacher" or "other-teacher"))
        {
            string meant = run.Role switch { "teacher" or "other-teacher" => "--teacher or --other-teacher", "student" => "--student", "independent" => "--independent", "cross-student" => "--other-student", _ => "no option" };
            Add(AuditProblemKind.Request, option, $"'{given}': expected {Words(role)}, found a run of the role '{run.Role}', which goes with {meant}. If you mean it, name the file itself: {Path.Combine(given, TrainingRun.ModelFile)}.");
        }

        return (Path.Combine(full, TrainingRun.ModelFile), run, run.Architecture);
    }

    private IReadOnlyList<NetworkFit> Recognise(WeightsFile file)
    {
        string signature = string.Join('\n', file.Entries.Select(e => $"{e.Name} {e.ShapeText}"));
        if (!_recognised.TryGetValue(signature, out IReadOnlyList<NetworkFit>? fits))
        {
            var sized = new ImageTaskHint(Height: task!.Height, Width: task.Width);
            fits = [.. ModelZoo.All.Select(f => TryCompare(f.Name, file, sized)).OfType<NetworkFit>()];
            _recognised.Add(signature, fits);
        }

        return fits;
    }

    private static string Words(RunRole role) => role switch
    {
        RunRole.Teacher or RunRole.OtherTeacher => "a teacher",
        RunRole.Independent => "a student that was trained without a teacher",
        RunRole.CrossStudent => "a student of the other teacher",
        _ => "a distilled student",
    };

    private static RunRecord? TryRecord(string folder)
    {
        try
        {
            return RunRecord.TryRead(folder);
        }
        catch (InvalidDataException)
        {
            return null; // it is only a hint
        }
    }

    private (ModelDefinition Network, int Members)? Identify(string option, WeightsFile file, ModelReading reading, string? architecture)
    {
        if (reading.Model.Count > 0)
        {
            return (NetworkWords.Parse(reading.Model), 0);
        }

        if (architecture is not null && NetworkWords.ParseArchitecture(architecture) is { } recorded)
        {
            return recorded;
        }

        IReadOnlyList<NetworkFit> fits = Recognise(file);
        string naming = $"{(option == "--independent" || option == "--other-student" ? "--student" : option)}-model";
        if (fits.Count == 1)
        {
            return (NetworkWords.Parse([fits[0].Name]), 0);
        }

        if (fits.Count > 1)
        {
            Add(AuditProblemKind.Request, option, $"'{file.Path}' fits several networks: {string.Join(", ", fits.Select(f => f.Name))}. Name one with {naming}.");
            return null;
        }

        List<NetworkFit> elsewhere = [.. WeightsNetworks.Find(file.Entries)];
        Add(AuditProblemKind.Mismatch, option, elsewhere.Count > 0
            ? $"'{file.Path}' fits {string.Join(", ", elsewhere.Select(f => f.Name))}, which cannot be made for images of {Pixels(task!)}, as the data have."
            : $"'{file.Path}' fits no network with its usual options. Name one with {naming}, with options where it has some ('{naming} convnet widths=16,32,64'); then every difference is named. 'distill layers' lists the tensors, 'distill import' renames them.");
        return null;
    }

    private static NetworkFit? TryCompare(string name, WeightsFile file, ImageTaskHint hint)
    {
        try
        {
            return WeightsNetworks.Compare(name, file.Entries, hint) is { Match.Fits: true } fit ? fit : null;
        }
        catch (ArgumentException)
        {
            return null; // not for images of this size
        }
    }

    /// <summary>Compares the weights with the network as the data need it; the number of weights.</summary>
    private long Fit(string option, WeightsFile file, ModelDefinition network, int members)
    {
        if (Difference(file, network, members, task!) is not { } made)
        {
            return 0;
        }

        if (made.Match.Fits)
        {
            return made.Parameters;
        }

        // The same network for other images or classes says more than a list of tensors.
        foreach ((string what, ImageTask other) in Others(file))
        {
            if (Difference(file, network, members, other) is { Match.Fits: true })
            {
                Add(AuditProblemKind.Mismatch, option, $"'{file.Path}': expected {what}");
                return 0;
            }
        }

        Add(AuditProblemKind.Mismatch, option, $"The weights of '{file.Path}' do not fit the network {RunRecord.ArchitectureOf(network)} for {Pixels(task!)} and {task!.Classes} classes. {made.Match.Explain()}");
        return 0;

        (WeightsMatch Match, long Parameters)? Difference(WeightsFile weights, ModelDefinition definition, int count, ImageTask asked)
        {
            using IDisposable skip = Initialization.Skip();
            try
            {
                using ImageModel made = AuditedModel.Make(definition, count, asked);
                return (WeightsMatch.Of(made, weights.Entries), made.ParameterCount());
            }
            catch (ArgumentException e) when (asked == task)
            {
                Add(AuditProblemKind.Mismatch, option, $"The network {RunRecord.ArchitectureOf(definition)} cannot be made for {Pixels(asked)} and {asked.Classes} classes: {AuditProblem.MessageOf(e)}");
                return null;
            }
            catch (ArgumentException)
            {
                return null;
            }
        }
    }

    private IEnumerable<(string What, ImageTask Task)> Others(WeightsFile file)
    {
        foreach (int classes in file.Entries.Where(e => e.Shape.Count is 1 or 2 or 4).Select(e => e.Shape[0]).Where(n => n is >= 2 and <= 100_000 && n != task!.Classes).Distinct().Select(n => (int)n).Reverse())
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"logits of {task!.Classes} classes, as the data have, found {classes}."), task with { Classes = classes });
        }

        int channels = (int)(file.Entries.FirstOrDefault(e => e.Shape.Count == 4)?.Shape[1] ?? 0);
        if (channels is >= 1 and <= 1024 && channels != task!.Channels)
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"images of {task.Channels} channels, as the data have, found a network for {channels}."), task with { Channels = channels });
        }
    }

    private Normalization? NormalizationOf(string option, ModelReading reading)
    {
        if (reading.Mean.Count == 0 && reading.StandardDeviation.Count == 0)
        {
            return usual;
        }

        string name = option is "--teacher" or "--other-teacher" ? option : "--student";
        if (reading.Mean.Count != task!.Channels || reading.StandardDeviation.Count != task.Channels)
        {
            Add(AuditProblemKind.Request, option, string.Create(
                CultureInfo.InvariantCulture,
                $"expected {task.Channels} means and {task.Channels} standard deviations, one a channel of the data, found {reading.Mean.Count} and {reading.StandardDeviation.Count} ({name}-mean, {name}-std, or --mean, --std for all)."));
            return null;
        }

        if (reading.StandardDeviation.Any(d => !(d > 0 && double.IsFinite(d))) || reading.Mean.Any(m => !double.IsFinite(m)))
        {
            Add(AuditProblemKind.Request, option, $"expected finite means and standard deviations above 0 of values in [0, 1], found {string.Join(", ", reading.Mean)} and {string.Join(", ", reading.StandardDeviation)}.");
            return null;
        }

        return new Normalization(reading.Mean, reading.StandardDeviation);
    }

    private static string Pixels(ImageTask images) => string.Create(CultureInfo.InvariantCulture, $"{images.Channels} x {images.Height} x {images.Width} pixels");
}
