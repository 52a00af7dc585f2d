using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Studies;

/// <summary>Makes the measurements of analyses in a results folder, whoever's the models are. What was finished before is read back.</summary>
internal sealed class AnalysisMeasuring(ResultsFolder folder, IStudyObserver observer, CancellationToken cancel) : IDisposable
{
    private readonly List<Tensor> _kept = [];
    private string _pictures = "";

    /// <summary>The measurements of one analysis: read back where they were finished, else made and written.</summary>
    /// <param name="key">Names the folder below <c>measurements/</c>; equal keys stand for equal measurements.</param>
    /// <param name="asked">The analysis with its options and the label that it was given.</param>
    /// <param name="subject">The models and data; asked for only where something is measured.</param>
    public Measurements Measure(string key, AnalysisDefinition asked, Func<AnalysisSubject> subject)
    {
        Analysis analysis = AnalysisRegistry.Get(asked.Name);
        string title = asked.GivenLabel is { } label ? $"{analysis.Title} ({label})" : analysis.Title;
        string path = Path.Combine(folder.Measurements, key);
        string marker = Path.Combine(path, "complete");
        if (File.Exists(marker))
        {
            observer.Note($"{title}: measured already.");
            return ReadBack(analysis, path);
        }

        observer.Stage($"Measuring: {title}");
        cancel.ThrowIfCancellationRequested();
        _pictures = key;
        var progress = new Relay(title, observer, cancel);
        using var scope = new TensorScope();
        Measurements measured = analysis.Measure(subject(), asked.Options, progress);
        Directory.CreateDirectory(path);
        foreach (string name in measured.FileNames)
        {
            AtomicFile.Write(Path.Combine(path, name), stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                measured.WriteCsv(name, writer);
            });
        }

        AtomicFile.WriteAllText(marker, "");
        return measured;
    }

    /// <summary>Where the subject's pictures go: the folder of the analysis that is being measured.</summary>
    public string SavePicture(string name, ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        // A folder an analysis: the pictures of older measurements stay what they were when the study is changed.
        Directory.CreateDirectory(Path.Combine(folder.Pictures, _pictures));
        PngFile.Write(Path.Combine(folder.Pictures, _pictures, name + ".png"), pixels, width, height, channels);
        return $"pictures/{_pictures}/{name}.png";
    }

    /// <summary>Images of a data set with their attributes and boxes. They live as long as this does.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="indices">Gives the indices of the images, Int64 <c>[n]</c>.</param>
    public ImageSet MakeSet(ImageDataset data, Func<Tensor> indices)
    {
        // Outside every scope: what is kept here outlives the step that asked for it first.
        using var scope = new TensorScope();
        Tensor rows = indices();
        Tensor images = data.Images.IndexSelect(0, rows), labels = data.Labels.IndexSelect(0, rows);
        _kept.Add(images.Unscoped());
        _kept.Add(labels.Unscoped());
        int[] picked = Array.ConvertAll(rows.ToArray<long>(), i => (int)i);
        return new ImageSet(images, labels, picked)
        {
            Attributes = data.Attributes.Select(a => a with { Values = Array.ConvertAll(picked, i => a.Values[i]) }).ToList(),
            Boxes = data.Boxes.Count == 0 ? [] : Array.ConvertAll(picked, i => data.Boxes[i]),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.ForEach(t => t.Dispose());

    private Measurements ReadBack(Analysis analysis, string path)
    {
        string remedy = $"Delete the folder '{path}' to measure again.";
        try
        {
            Measurements measured = Measurements.ReadCsv(analysis.Name, name => new StreamReader(Path.Combine(path, name)));
            string? gone = measured.Pictures.SelectMany(t => t.Rows).SelectMany(r => r.Cells).Select(c => Path.Combine(folder.Root, c.Path)).FirstOrDefault(p => !File.Exists(p));
            return gone is null ? measured : throw new InvalidDataException($"a picture is missing: {gone}.");
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: the measurements that were finished cannot be read: {e.Message} {remedy}", e);
        }
    }

    private sealed class Relay(string title, IStudyObserver observer, CancellationToken cancel) : IProgress<AnalysisProgress>
    {
        public void Report(AnalysisProgress value)
        {
            cancel.ThrowIfCancellationRequested();
            observer.Analysis(title, value);
        }
    }
}
