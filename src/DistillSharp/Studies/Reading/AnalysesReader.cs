using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Inheritance;

namespace DistillSharp.Studies;

/// <summary>Reads the section <c>analyses</c>.</summary>
internal sealed class AnalysesReader(IStudyCatalog catalog, ReadData data, ProblemList problems)
{
    public ValueList<AnalysisDefinition> Read(SourceNode? node, NetworkLayers? studentLayers, IReadOnlyList<ReadTeacher>? teachers)
    {
        if (node is null || MappingReader.Items(node, "a list of analyses such as [fidelity]", problems) is not { } items)
        {
            return [];
        }

        var analyses = new List<AnalysisDefinition>();

        // Labels become folders, and on some file systems these do not differ by case.
        var seen = new Dictionary<string, SourceNode>(StringComparer.OrdinalIgnoreCase);
        foreach (SourceNode item in items)
        {
            if (NamedEntryReader.ReadItem(item, "analysis", catalog.Analyses, problems) is not { } named)
            {
                continue;
            }

            string name = named.Entry.Name;
            string? label = named.Options is { Kind: SourceKind.Mapping } mapping ? MappingReader.Open(mapping, "options", problems)!.Name("name", name) : name;
            if (label is not null && !seen.TryAdd(label, named.Place))
            {
                string line = seen[label].Line.ToString(CultureInfo.InvariantCulture);
                problems.Add(named.Place, $"expected another name for each analysis, found '{label}' again; it is already on line {line}. Give this one its own: {name}: {{ name: {name}-2 }}.");
            }

            if (ReadAnalysis(named, label, studentLayers, teachers) is { } analysis)
            {
                analyses.Add(analysis);
            }
        }

        return [.. analyses];
    }

    private AnalysisDefinition? ReadAnalysis(NamedEntry named, string? label, NetworkLayers? studentLayers, IReadOnlyList<ReadTeacher>? teachers)
    {
        CatalogEntry entry = named.Entry;
        ReadOptions options = OptionsReader.Read(named.Options, named.Place, entry.Options, NamedEntryReader.NameKey, problems);
        if (entry.NeedsTeacher && teachers is { Count: 0 })
        {
            problems.Add(named.Place, $"'{entry.Name}' needs a teacher, and the study has none; add one under 'teachers'.");
            return null;
        }

        if (label is null || options.Values is null)
        {
            return null;
        }

        bool layersExist = studentLayers is null
            || OptionsReader.CheckLayers(options, entry.Options, OptionKind.StudentLayer, "the student", studentLayers.Paths, problems);
        if (teachers is { Count: 0 })
        {
            layersExist &= OptionsReader.CheckLayers(options, entry.Options, OptionKind.TeacherLayer, ReadTeacher.Missing, [], problems);
        }

        // Every teacher: students are measured against the control in the same way as against their own.
        foreach (ReadTeacher teacher in teachers ?? [])
        {
            if (teacher.Layers is not null)
            {
                layersExist &= OptionsReader.CheckLayers(options, entry.Options, OptionKind.TeacherLayer, teacher.Words, teacher.Layers.Paths, problems);
            }
        }

        var analysis = new AnalysisDefinition(entry.Name, options.Values) { Label = label };
        if (layersExist && Setting(studentLayers, teachers) is { } setting)
        {
            foreach (OptionProblem problem in catalog.CheckAnalysis(analysis, setting))
            {
                bool isGiven = problem.Option is null || options.Given.ContainsKey(problem.Option);
                problems.Add(problem.Option is null ? named.Place : options.At(problem.Option), isGiven ? problem.Message : $"the default of '{problem.Option}' does not fit: {problem.Message}");
            }
        }

        return analysis;
    }

    // Null where the data could not be read: nothing is known then, and nothing can be refused.
    private AnalysisSetting? Setting(NetworkLayers? studentLayers, IReadOnlyList<ReadTeacher>? teachers) => data is not { Definition: { } read, Description: { } images }
        ? null
        : new AnalysisSetting(images.Channels, images.Height, images.Width, images.Classes, read.Test)
        {
            ClassNames = images.ClassNames,
            Attributes = [.. images.Attributes.Where(a => a.TestValues.Count > 0).Select(a => new AttributeSetting(a.Name, a.TestValues))],
            StudentLayers = studentLayers?.Shapes,
            TeacherLayers = teachers is [{ Layers: { } layers }, ..] ? layers.Shapes : null,
        };
}
