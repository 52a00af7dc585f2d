namespace DistillSharp.Studies;

/// <summary>The network that was read; parts that were wrong, or that cannot be known, are null.</summary>
internal sealed record ReadModel(ModelDefinition? Definition, NetworkLayers? Layers);

/// <summary>Reads the key <c>model</c> and the model's options, which stand beside it.</summary>
internal sealed class ModelReader(IStudyCatalog catalog, DataSetDescription? data, ProblemList problems)
{
    /// <summary>Reads the model of a teacher or of the students.</summary>
    /// <param name="reader">The section.</param>
    /// <param name="otherKeys">The section's keys that are no options of the model.</param>
    public ReadModel Read(MappingReader reader, IReadOnlyCollection<string> otherKeys)
    {
        if (reader.Text("model", $"one of {string.Join(", ", catalog.Models.Select(m => m.Name))}") is not { } name
            || NamedEntryReader.Find(name, reader.Node.Find("model")!, "model", catalog.Models, problems) is not { } entry)
        {
            // Without a model nobody knows which other keys are its options, so none is called unknown.
            return new ReadModel(null, null);
        }

        ReadOptions options = OptionsReader.Read(reader.Node, reader.Node, entry.Options, otherKeys, problems);
        if (options.Values is null)
        {
            return new ReadModel(null, null);
        }

        var model = new ModelDefinition(name, options.Values);
        if (data is null)
        {
            return new ReadModel(model, null);
        }

        if (catalog.CheckModel(model, data) is { } error)
        {
            problems.Add(reader.Node.Find("model")!, error);
            return new ReadModel(null, null);
        }

        return new ReadModel(model, catalog.Layers(model, data));
    }
}
