using DistillSharp.Torch.Serialization;

namespace DistillSharp.Studies;

/// <summary>Reads a teacher's keys <c>weights</c>, <c>mean</c> and <c>std</c>.</summary>
internal sealed class WeightsReader(IStudyCatalog catalog, DataSetDescription? data, string studyFolder, ProblemList problems)
{
    /// <summary>The weights; null where the teacher is trained, or where something is wrong.</summary>
    public WeightsDefinition? Read(MappingReader reader, ModelDefinition? model)
    {
        ValueList<double>? mean = ReadChannels(reader, "mean", least: double.MinValue);
        ValueList<double>? deviation = ReadChannels(reader, "std", least: double.Epsilon);
        if (!reader.Has("weights"))
        {
            foreach (string key in new[] { "mean", "std" }.Where(reader.Has))
            {
                problems.Add(reader.Node.Find(key)!, $"'{key}' belongs to weights that are read: expected the key 'weights' beside it. A teacher that is trained here sees images as its students do.");
            }

            return null;
        }

        if (reader.Text("weights", "the file with the teacher's weights") is not { } text || mean is null || deviation is null)
        {
            return null;
        }

        if (mean.Count != deviation.Count)
        {
            problems.Add(reader.Node.Find(mean.Count > 0 ? "mean" : "std")!, "expected both 'mean' and 'std', or neither for those of the data set.");
            return null;
        }

        SourceNode place = reader.Node.Find("weights")!;
        string path = Path.GetFullPath(text, studyFolder);
        if (!File.Exists(path))
        {
            problems.Add(place, $"expected the file with the teacher's weights, found no file '{path}'.");
            return null;
        }

        if (model is not null && data is not null && catalog.CheckWeights(path, model, data) is { } error)
        {
            problems.Add(place, error);
            return null;
        }

        return new WeightsDefinition(path, FileDigest.Sha256(path), mean, deviation);
    }

    private ValueList<double>? ReadChannels(MappingReader reader, string key, double least)
    {
        if (reader.Node.Find(key) is not { } node)
        {
            return [];
        }

        string expected = data is null ? "a list of one number a channel" : FormattableString.Invariant($"a list of {data.Channels} numbers, one a channel of images in [0, 1]");
        if (MappingReader.Items(node, expected, problems) is not { } items)
        {
            return null;
        }

        var values = new List<double>();
        foreach (SourceNode item in items)
        {
            if (CoreSchema.TryNumber(item, out double value) && value >= least)
            {
                values.Add(value);
            }
            else
            {
                problems.AddExpected(item, key == "std" ? "a number above 0" : "a number");
            }
        }

        if (values.Count != items.Count || (data is not null && values.Count != data.Channels))
        {
            if (values.Count == items.Count)
            {
                problems.Add(node, FormattableString.Invariant($"expected {expected}, found {values.Count}."));
            }

            return null;
        }

        return [.. values];
    }
}
