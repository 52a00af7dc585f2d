using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>Reads <c>students.data</c>: what distilled students see.</summary>
internal sealed class TransferReader(IStudyCatalog catalog, DataDefinition? data, DataSetDescription? description, string studyFolder, ProblemList problems)
{
    /// <summary>The data; the teacher's own where the key is missing; null, and a problem, where it is wrong.</summary>
    public TransferDefinition? Read(SourceNode? node)
    {
        if (node is null)
        {
            return TransferDefinition.Own;
        }

        if (NamedEntryReader.ReadValue(node, "kind of data", TransferKinds.All, TransferKinds.Own, problems) is not { } named)
        {
            return null;
        }

        ReadOptions options = OptionsReader.Read(named.Options, named.Place, named.Entry.Options, NamedEntryReader.NameKey, problems);
        if (options.Values is not { } values)
        {
            return null;
        }

        string kind = named.Entry.Name;
        if (kind is not (TransferKinds.Extra or TransferKinds.Other))
        {
            return new TransferDefinition(kind, values, null, "");
        }

        return values.Has("set") ? ReadSet(kind, values, options) : ReadRest(values, options);
    }

    private TransferDefinition? ReadSet(string kind, OptionValues values, ReadOptions options)
    {
        string name = values.Text("set");
        string? path = values.Has("path") ? Path.GetFullPath(values.Text("path"), studyFolder) : null;
        SourceNode place = options.At(values.Has("path") ? "path" : "set");
        if (ReadingOf(name, options) is not { } reading)
        {
            return null;
        }

        if (catalog.CheckDataSet(name, path, reading.Options) is { } error)
        {
            problems.Add(place, error);
            return null;
        }

        DataSetDescription other = catalog.DescribeDataSet(name, path, reading.Options)!;
        if (description is not null && (other.Channels, other.Height, other.Width) != (description.Channels, description.Height, description.Width))
        {
            problems.Add(
                options.At("set"),
                $"expected images of {description.Channels} x {description.Height} x {description.Width}, as the study's, found {other.Channels} x {other.Height} x {other.Width}: one network takes one size.");
            return null;
        }

        return RefuseTooMany(values, options, other.TrainImages, $"which is what the training set of {name} holds")
            ? null
            : new TransferDefinition(kind, values, path, other.Fingerprint) { Reading = reading };
    }

    // A set of the kind of the study's own is read as that is, any other with its defaults.
    private ReadingDefinition? ReadingOf(string name, ReadOptions options)
    {
        IReadOnlyList<OptionSpec> specs = catalog.DataSets.First(d => d.Name == name).Options;
        if (data?.Name == name)
        {
            return data.Reading;
        }

        if (specs.FirstOrDefault(s => s.Required) is not { } required)
        {
            return new ReadingDefinition(new OptionValues(specs));
        }

        if (data is not null)
        {
            problems.Add(options.At("set"), $"expected a data set that needs no options, or one of the study's own kind, {data.Name}, whose options it then takes; '{name}' needs '{required.Name}'.");
        }

        return null;
    }

    // Without another set, extra images are those of the training set that the study leaves.
    private TransferDefinition? ReadRest(OptionValues values, ReadOptions options)
    {
        if (values.Has("path"))
        {
            problems.Add(options.At("path"), "expected the key 'set' beside it: the name of the other data set.");
            return null;
        }

        if (data is null || description is null)
        {
            return null;
        }

        int rest = description.TrainImages - data.Train - data.Validation;
        if (rest < 1)
        {
            problems.Add(options.Place, "expected training images that the study leaves over, found none. Give 'data.train' fewer images, or name another data set with 'set'.");
            return null;
        }

        return RefuseTooMany(values, options, rest, "which is what 'data.train' and 'data.validation' leave of the training set")
            ? null
            : new TransferDefinition(TransferKinds.Extra, values, null, "");
    }

    private bool RefuseTooMany(OptionValues values, ReadOptions options, int most, string why)
    {
        if (!values.Entries.Any(e => e.Key == "images" && e.Value is long images && images > most))
        {
            return false;
        }

        problems.Add(options.At("images"), FormattableString.Invariant($"expected at most {most} images, {why}, found {values.Integer("images")}."));
        return true;
    }
}
