using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Input;

/// <summary>Reads <c>findings.json</c> and checks that nothing a report needs is missing.</summary>
internal static class FindingsFile
{
    private const int Format = 1;

    // The library's own reader, made strict: a missing member or a null is an error with its place, not a null later on.
    private static readonly JsonSerializerOptions Strict = new(StudyResultsJson.Default.Options)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static StudyResults Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new ReportException(path, "the findings of a finished study (`distill study run` writes them)", "no such file");
        }

        var results = Parse(path);
        if (results.Format != Format)
        {
            throw new ReportException(path, $"format {Format}", $"format {results.Format}");
        }

        RefuseNullElements(path, results);
        return results;
    }

    private static StudyResults Parse(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var type = (JsonTypeInfo<StudyResults>)Strict.GetTypeInfo(typeof(StudyResults));
            return JsonSerializer.Deserialize(stream, type)
                ?? throw new ReportException(path, "the records of a study's results", "null");
        }
        catch (JsonException error)
        {
            var place = $"{path}, line {error.LineNumber + 1}, {error.Path ?? "$"}";
            throw new ReportException(place, "the records of a study's results (docs/results-folder.md)", FirstSentence(error.Message), error);
        }
    }

    /// <summary>The serializer checks members for null, but not the elements of lists.</summary>
    private static void RefuseNullElements(string path, StudyResults results)
    {
        Check("models", results.Models);
        Check("findings", results.Findings);
        Check("pictures", results.Pictures);
        Check("environment.entries", results.Environment.Entries);
        if (results.Audit is { } audit)
        {
            Check("audit.controls", audit.Controls);
            Check("audit.notAsked", audit.NotAsked);
            Check("audit.files", audit.Files);
            Check("audit.warnings", audit.Warnings);
        }

        foreach (var table in results.Pictures)
        {
            Check("pictures.columns", table.Columns);
            Check("pictures.rows", table.Rows);
            foreach (var row in table.Rows)
            {
                Check("pictures.rows.cells", row.Cells);
            }
        }

        Check("charts", results.Charts);
        foreach (var chart in results.Charts)
        {
            Check("charts.places", chart.Places);
            Check("charts.series", chart.Series);
            foreach (var series in chart.Series)
            {
                Check("charts.series.levels", series.Levels);
                if (series.Levels.Count != chart.Places.Count)
                {
                    throw new ReportException(path, $"a level for each of the {chart.Places.Count} places of the chart \"{chart.Title}\"", $"{series.Levels.Count}");
                }
            }

            if (chart.Kind == ChartKind.Curve && chart.Places.FirstOrDefault(place => !double.TryParse(place, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) is { } wrong)
            {
                throw new ReportException(path, $"numbers as places of the curve \"{chart.Title}\"", $"\"{wrong}\"");
            }
        }

        foreach (var finding in results.Findings)
        {
            Check("findings.notes", finding.Notes);
        }

        void Check<T>(string name, IReadOnlyList<T> list)
            where T : class
        {
            if (list.Any(element => element is null))
            {
                throw new ReportException(path, $"no null among the {name}", "null");
            }
        }
    }

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }
}
