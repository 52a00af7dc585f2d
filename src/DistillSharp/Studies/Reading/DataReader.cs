using System.Globalization;
using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>The data that was read; parts that were wrong are null.</summary>
internal sealed record ReadData(DataDefinition? Definition, DataSetDescription? Description);

/// <summary>Reads the section <c>data</c>.</summary>
internal sealed class DataReader(IStudyCatalog catalog, string studyFolder, ProblemList problems, List<string> notes)
{
    private static readonly string[] Keys = ["name", "path", "fingerprint", "train", "validation", "split-seed", "test", "augmentation"];

    public ReadData Read(SourceNode? node)
    {
        if (node is null || MappingReader.Open(node, $"the keys {string.Join(", ", Keys)}", problems) is not { } reader)
        {
            return new ReadData(null, null);
        }

        CatalogEntry? entry = ReadName(reader);
        OptionValues? reading = ReadReading(reader, entry);
        bool pathIsRight = TryReadPath(reader, out string? path);
        DataSetDescription? description = reading is not null && pathIsRight ? FindDataSet(reader, entry!.Name, path, reading) : null;
        notes.AddRange(description?.Notes ?? []);
        string? fingerprint = reader.Text("fingerprint", "the fingerprint of the data's content", description?.Fingerprint ?? "");
        if (description is not null && fingerprint is not null && fingerprint != description.Fingerprint)
        {
            problems.Add(
                node.Find("fingerprint")!,
                $"expected '{description.Fingerprint}', the fingerprint of the files that are there, found '{CoreSchema.Shorten(fingerprint)}'. The data has changed since this study was written; restore it, or remove this key to train on what is there now.");
        }

        int? validation = reader.Integer("validation", minimum: 0, fallback: 0);
        int? train = ReadTrain(reader, description, validation);
        int? splitSeed = reader.Integer("split-seed", minimum: 0, fallback: 0);
        int? test = ReadTest(reader, description);
        SourceNode? augmentation = node.Find("augmentation");
        AugmentationDefinition? changes = new AugmentationReader(catalog, problems).Read(augmentation, augmentation ?? node, description);

        bool complete = reading is not null && description is not null && fingerprint is not null && validation is not null
            && train is not null && splitSeed is not null && test is not null && changes is not null;
        return new ReadData(
            complete
                ? new DataDefinition(entry!.Name, path, fingerprint!, train!.Value, validation!.Value, splitSeed!.Value, test!.Value, changes!)
                {
                    Reading = new ReadingDefinition(reading!),
                }
                : null,
            description);
    }

    private CatalogEntry? ReadName(MappingReader reader) =>
        reader.Text("name", $"one of {string.Join(", ", catalog.DataSets.Select(d => d.Name))}") is { } name
            ? NamedEntryReader.Find(name, reader.Node.Find("name")!, "data set", catalog.DataSets, problems)
            : null;

    // Without a data set nobody knows which other keys are its options: those of any are let pass.
    private OptionValues? ReadReading(MappingReader reader, CatalogEntry? entry)
    {
        if (entry is not null)
        {
            return OptionsReader.Read(reader.Node, reader.Node, entry.Options, Keys, problems).Values;
        }

        reader.RefuseOthers(Keys.Concat(catalog.DataSets.SelectMany(d => d.Options).Select(o => o.Name)).Distinct());
        return null;
    }

    /// <summary>A relative path starts from the study's folder, so that a study works from wherever it is started.</summary>
    private bool TryReadPath(MappingReader reader, out string? path)
    {
        path = null;
        if (!reader.Has("path") || CoreSchema.IsNull(reader.Node.Find("path")!))
        {
            return true;
        }

        const string Expected = "the folder with the data's files";
        if (reader.Text("path", Expected) is not { } text)
        {
            return false;
        }

        if (text.Length == 0 || text.Any(char.IsControl))
        {
            problems.AddExpected(reader.Node.Find("path")!, Expected);
            return false;
        }

        path = Path.GetFullPath(text, studyFolder);
        return true;
    }

    private DataSetDescription? FindDataSet(MappingReader reader, string name, string? path, OptionValues options)
    {
        SourceNode place = reader.Node.Find("path") ?? reader.Node.Find("name")!;
        if (catalog.CheckDataSet(name, path, options) is { } error)
        {
            problems.Add(place, error);
        }

        return catalog.DescribeDataSet(name, path, options);
    }

    private int? ReadTrain(MappingReader reader, DataSetDescription? description, int? validation)
    {
        SourceNode? node = reader.Node.Find("train");
        int? train = node is null ? null : reader.Integer("train", minimum: 1);
        if (description is null || validation is null || (node is not null && train is null))
        {
            return train;
        }

        int left = description.TrainImages - validation.Value;
        if (left >= (train ?? 1))
        {
            return train ?? left;
        }

        string used = train is null ? "" : $"{Show(train.Value)} training images and ";
        problems.Add(
            node ?? reader.Node.Find("validation")!,
            $"expected at most {Show(description.TrainImages)} images together, which is what the training set holds, found {used}{Show(validation.Value)} validation images.");
        return null;
    }

    private int? ReadTest(MappingReader reader, DataSetDescription? description)
    {
        int? test = reader.Integer("test", minimum: 1, fallback: description?.TestImages ?? 1);
        if (test is null || description is null || test <= description.TestImages)
        {
            return test;
        }

        problems.Add(reader.Node.Find("test")!, $"expected at most {Show(description.TestImages)}, which is what the test set holds, found {Show(test.Value)}.");
        return null;
    }

    private static string Show(int value) => value.ToString(CultureInfo.InvariantCulture);
}
