using System.Globalization;
using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>The students that were read, as far as they were right.</summary>
internal sealed record ReadStudents(StudentsDefinition? Definition, NetworkLayers? Layers);

/// <summary>Reads the section <c>students</c>.</summary>
internal sealed class StudentsReader(IStudyCatalog catalog, ModelReader models, ProblemList problems, List<string> notes)
{
    private static readonly string[] Keys = ["model", "seeds", "methods"];

    private static readonly ValueList<int> DefaultSeeds = [0, 1, 2];

    // The reader knows it itself, so that no catalogue can leave out the control that every finding needs.
    private readonly IReadOnlyList<CatalogEntry> _methods =
    [
        new CatalogEntry(MethodDefinition.IndependentName, []),
        .. catalog.Methods.Where(m => m.Name != MethodDefinition.IndependentName),
    ];

    public ReadStudents Read(SourceNode? node, IReadOnlyList<ReadTeacher>? teachers)
    {
        if (node is null || MappingReader.Open(node, $"the keys {string.Join(", ", Keys)} and the options of the model", problems) is not { } reader)
        {
            return new ReadStudents(null, null);
        }

        ReadModel model = models.Read(reader, Keys);
        ValueList<int>? seeds = ReadSeeds(reader);
        ValueList<MethodDefinition>? methods = ReadMethods(reader, model.Layers, teachers);
        bool complete = model.Definition is not null && seeds is not null && methods is not null;
        return new ReadStudents(complete ? new StudentsDefinition(model.Definition!, seeds!, methods!) : null, model.Layers);
    }

    private ValueList<int>? ReadSeeds(MappingReader reader)
    {
        if (reader.Node.Find("seeds") is not { } node)
        {
            return DefaultSeeds;
        }

        const string Expected = "a list of seeds such as [0, 1, 2]";
        if (MappingReader.Items(node, Expected, problems) is not { } items)
        {
            return null;
        }

        if (items.Count == 0)
        {
            problems.AddExpected(node, $"{Expected} with at least one seed");
            return null;
        }

        var seeds = new List<int>();
        var seen = new HashSet<int>();
        foreach (SourceNode item in items)
        {
            if (reader.Integer(item, minimum: 0, "a seed: a whole number of at least 0") is not { } seed)
            {
                continue;
            }

            if (seen.Add(seed))
            {
                seeds.Add(seed);
            }
            else
            {
                problems.Add(item, $"expected each seed once, found {seed.ToString(CultureInfo.InvariantCulture)} again: a repeated seed trains the same network and adds no evidence.");
            }
        }

        return seeds.Count == items.Count ? [.. seeds] : null;
    }

    private ValueList<MethodDefinition>? ReadMethods(MappingReader reader, NetworkLayers? layers, IReadOnlyList<ReadTeacher>? teachers)
    {
        const string Expected = "a list of methods such as [independent, kl]";
        if (reader.Require("methods", Expected) is not { } node || MappingReader.Items(node, Expected, problems) is not { } items)
        {
            return null;
        }

        var methods = new List<MethodDefinition>();
        var labels = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (SourceNode item in items)
        {
            if (ReadMethod(item, layers, teachers) is not { } method)
            {
                continue;
            }

            methods.Add(method);

            // Labels become folders, and on some file systems these do not differ by case.
            if (!labels.Add(method.Label))
            {
                problems.Add(item, $"expected another label for each method, found '{method.Label}' again. Give a variant its own: {method.Name}: {{ name: {method.Name}-2 }}.");
            }
        }

        if (methods.Count == items.Count && !methods.Any(m => m.IsIndependent))
        {
            if (!labels.Add(MethodDefinition.IndependentName))
            {
                problems.Add(node, $"expected no method with the label '{MethodDefinition.IndependentName}', which is kept for training without a teacher.");
            }

            methods.Insert(0, MethodDefinition.Independent);
            notes.Add("The method 'independent' was added to students.methods: every finding is read against students trained without a teacher.");
        }

        return problems.IsEmpty ? [.. methods] : null;
    }

    private MethodDefinition? ReadMethod(SourceNode item, NetworkLayers? layers, IReadOnlyList<ReadTeacher>? teachers)
    {
        if (NamedEntryReader.ReadItem(item, "method", _methods, problems) is not { Entry: var entry } named)
        {
            return null;
        }

        bool isIndependent = entry.Name == MethodDefinition.IndependentName;
        ReadOptions options = OptionsReader.Read(named.Options, named.Place, entry.Options, isIndependent ? [] : NamedEntryReader.NameKey, problems);
        string? label = entry.Name;
        if (!isIndependent && named.Options is { Kind: SourceKind.Mapping } mapping)
        {
            label = MappingReader.Open(mapping, "options", problems)!.Name("name", entry.Name);
        }

        if (entry.NeedsTeacher && teachers is { Count: 0 })
        {
            problems.Add(named.Place, $"'{entry.Name}' needs a teacher, and the study has none; add one under 'teachers'.");
            return null;
        }

        if (label is null || options.Values is null)
        {
            return null;
        }

        var method = new MethodDefinition(label, entry.Name, options.Values, entry.NeedsTeacher);
        CheckNetworks(named, method, options, layers, teachers);
        return method;
    }

    private void CheckNetworks(
        NamedEntry named, MethodDefinition method, ReadOptions options, NetworkLayers? layers, IReadOnlyList<ReadTeacher>? teachers)
    {
        IReadOnlyList<OptionSpec> specs = named.Entry.Options;
        bool layersExist = layers is not null && OptionsReader.CheckLayers(options, specs, OptionKind.StudentLayer, "the student", layers.Paths, problems);
        ReadTeacher? teacher = teachers is { Count: > 0 } ? teachers[0] : null;
        string owner = teacher?.Words ?? ReadTeacher.Missing;
        layersExist &= teachers is { Count: 0 } or [{ Layers: not null }, ..]
            && OptionsReader.CheckLayers(options, specs, OptionKind.TeacherLayer, owner, teacher?.Layers?.Paths ?? [], problems);
        if (layersExist && !method.IsIndependent && catalog.CheckMethod(method, layers!, teacher?.Layers) is { } error)
        {
            problems.Add(named.Place, error);
        }
    }
}
