using DistillSharp.Reporting.Input;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Presentation;

/// <summary>What a report says, ready to be laid out as a page or as text.</summary>
public sealed class Report
{
    /// <summary>Groups what <paramref name="record"/> holds.</summary>
    public Report(StudyRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        Record = record;
        Analyses = FindingGroups.Of(record.Results.Findings, record.Results.Charts);
        Models = ModelGroup.Of(record.Results.Models);
        Palette = new MethodPalette(record.Results);
    }

    /// <summary>What was read from the results folder.</summary>
    public StudyRecord Record { get; }

    /// <summary>The study's results.</summary>
    public StudyResults Results => Record.Results;

    /// <summary>False for an audit without independent students: it has levels, and no effects.</summary>
    public bool HasFloor => Results.Audit?.HasFloor ?? true;

    /// <summary>What the first section is called: where nothing can be said of inheritance, it does not say it.</summary>
    public string Heading => HasFloor ? "What was inherited" : "How close students are";

    /// <summary>The findings by analysis and measure.</summary>
    public IReadOnlyList<AnalysisGroup> Analyses { get; }

    /// <summary>The models by what they are.</summary>
    public IReadOnlyList<ModelGroup> Models { get; }

    /// <summary>The look of each method.</summary>
    public MethodPalette Palette { get; }

    /// <summary>The notes of a measure, each with the methods it holds for.</summary>
    public static IReadOnlyList<(string Methods, string Note)> NotesOf(MeasureGroup measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return
        [
            .. measure.Findings
                .SelectMany(finding => finding.Notes.Select(note => (finding.Method, Note: note)))
                .GroupBy(pair => pair.Note, StringComparer.Ordinal)
                .Select(group => (string.Join(", ", group.Select(pair => pair.Method).Distinct(StringComparer.Ordinal)), group.Key)),
        ];
    }

    /// <summary>True if any measure has a note.</summary>
    public bool HasNotes => Results.Findings.Any(finding => finding.Notes.Count > 0);

    /// <summary>How many verdicts are preliminary, in a sentence; empty if none is.</summary>
    public string Preliminary => Results.Findings.Count(finding => finding.Preliminary) switch
    {
        0 => "",
        1 => $"Of {Results.Findings.Count} verdicts, 1 is preliminary and may change; its notes say why.",
        var count => $"Of {Results.Findings.Count} verdicts, {count} are preliminary and may change; their notes say why.",
    };
}
