using System.Globalization;
using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>Reads the section <c>analyses</c>.</summary>
internal sealed class AnalysesReader(IStudyCatalog catalog, ProblemList problems)
{
    public ValueList<AnalysisDefinition> Read(SourceNode? node, NetworkLayers? studentLayers, IReadOnlyList<ReadTeacher>? teachers)
    {
        if (node is null || MappingReader.Items(node, "a list of analyses such as [fidelity]", problems) is not { } items)
        {
            return [];
        }

        var analyses = new List<AnalysisDefinition>();
        var seen = new Dictionary<string, SourceNode>(StringComparer.Ordinal);
        foreach (SourceNode item in items)
        {
            if (NamedEntryReader.ReadItem(item, "analysis", catalog.Analyses, problems) is not { } named)
            {
                continue;
            }

            if (!seen.TryAdd(named.Entry.Name, named.Place))
            {
                string line = seen[named.Entry.Name].Line.ToString(CultureInfo.InvariantCulture);
                problems.Add(named.Place, $"expected each analysis once, found '{named.Entry.Name}' again; it is already on line {line}.");
            }

            if (ReadAnalysis(named, studentLayers, teachers) is { } analysis)
            {
                analyses.Add(analysis);
            }
        }

        return [.. analyses];
    }

    private AnalysisDefinition? ReadAnalysis(NamedEntry named, NetworkLayers? studentLayers, IReadOnlyList<ReadTeacher>? teachers)
    {
        CatalogEntry entry = named.Entry;
        ReadOptions options = OptionsReader.Read(named.Options, named.Place, entry.Options, [], problems);
        if (entry.NeedsTeacher && teachers is { Count: 0 })
        {
            problems.Add(named.Place, $"'{entry.Name}' needs a teacher, and the study has none; add one under 'teachers'.");
            return null;
        }

        if (options.Values is null)
        {
            return null;
        }

        if (studentLayers is not null)
        {
            OptionsReader.CheckLayers(options, entry.Options, OptionKind.StudentLayer, "the student", studentLayers.Paths, problems);
        }

        if (teachers is { Count: 0 })
        {
            OptionsReader.CheckLayers(options, entry.Options, OptionKind.TeacherLayer, ReadTeacher.Missing, [], problems);
        }

        // Every teacher: students are measured against the control in the same way as against their own.
        foreach (ReadTeacher teacher in teachers ?? [])
        {
            if (teacher.Layers is not null)
            {
                OptionsReader.CheckLayers(options, entry.Options, OptionKind.TeacherLayer, teacher.Words, teacher.Layers.Paths, problems);
            }
        }

        return new AnalysisDefinition(entry.Name, options.Values);
    }
}
