using DistillSharp.Configuration;
using DistillSharp.Inheritance;
using DistillSharp.Studies.Results;

namespace DistillSharp.Studies;

/// <summary>A finished study as its results folder holds it, read without its data.</summary>
internal sealed class FinishedStudy
{
    private readonly SourceNode _root;
    private readonly Dictionary<(string Analysis, string? Label), MeasuredScores?> _scores = [];

    private FinishedStudy(string folder, StudyResults results, SourceNode root)
    {
        Folder = folder;
        Results = results;
        _root = root;
        Values = StudyValues.Of(root);
    }

    /// <summary>The results folder, as it was given.</summary>
    public string Folder { get; }

    /// <summary>Its models and findings.</summary>
    public StudyResults Results { get; }

    /// <summary>The resolved study.</summary>
    public StudyValues Values { get; }

    /// <summary>The students' seeds.</summary>
    public IReadOnlyList<int> Seeds => [.. Results.Models.Where(m => m.Role == RunRole.Independent.ToName()).Select(m => m.Seed)];

    /// <summary>Reads a results folder.</summary>
    /// <exception cref="FileNotFoundException">Its findings or its resolved study are not there.</exception>
    /// <exception cref="InvalidDataException">One of them is broken; the message names it and the place.</exception>
    public static FinishedStudy Read(string folder)
    {
        StudyResults results = StudyResultsFile.Read(folder);
        string path = Path.Combine(folder, "study.resolved.yaml");
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: expected the study with every default, which `distill study run` writes, found no such file.");
        }

        var problems = new ProblemList(path);
        SourceNode? root = StudyFile.Read(path, problems) is { } content && StudyFile.Decode(content, problems) is { } text ? SourceTree.Parse(text, problems) : null;
        return root is { Kind: SourceKind.Mapping } && problems.IsEmpty
            ? new FinishedStudy(folder, results, root)
            : throw new InvalidDataException(problems.InOrder.Select(p => p.ToString()).FirstOrDefault() ?? $"{path}: expected a study, found something else.");
    }

    /// <summary>The findings of one analysis.</summary>
    public IReadOnlyList<Finding> FindingsOf(string analysis, string? label) => [.. Results.Findings.Where(f => f.Analysis == analysis && f.Label == label)];

    /// <summary>The scores behind the findings of an analysis; null where its measurements are not at hand.</summary>
    public MeasuredScores? ScoresOf(string analysis, string? label)
    {
        if (!_scores.TryGetValue((analysis, label), out MeasuredScores? scores))
        {
            scores = Definition(analysis, label) is { } definition ? MeasuredScores.Find(Folder, definition, FindingsOf(analysis, label)) : null;
            _scores.Add((analysis, label), scores);
        }

        return scores;
    }

    private AnalysisDefinition? Definition(string name, string? label)
    {
        if (AnalysisRegistry.All.FirstOrDefault(a => a.Name == name) is not { } analysis || _root.Find("analyses") is not { } list)
        {
            return null;
        }

        foreach (SourceNode item in list.Items)
        {
            bool isAlone = item.Kind == SourceKind.Scalar;
            SourceNode? options = item.Entries.FirstOrDefault()?.Value;
            if ((isAlone ? item.Text : item.Entries.FirstOrDefault()?.Key) != name || options?.Find("name")?.Text != label)
            {
                continue;
            }

            OptionValues? values = OptionsReader.Read(options, item, analysis.Options, NamedEntryReader.NameKey, new ProblemList(Folder)).Values;
            return values is null ? null : new AnalysisDefinition(name, values) { Label = label ?? name };
        }

        return null;
    }
}
