using DistillSharp.Reporting.Html;
using DistillSharp.Reporting.Input;
using DistillSharp.Reporting.Presentation;
using DistillSharp.Reporting.Text;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Reporting;

/// <summary>
/// Turns a results folder (docs/results-folder.md) into a report: <c>report.html</c>, <c>report.md</c>, <c>findings.csv</c>,
/// <c>models.csv</c> and <c>charts.csv</c>, beside the files they are made from. The same folder always gives the same bytes.
/// </summary>
public static class ReportWriter
{
    /// <summary>Writes the report of <paramref name="resultsFolder"/>.</summary>
    /// <param name="resultsFolder">A folder with <c>findings.json</c>.</param>
    /// <returns>The paths of the five files.</returns>
    /// <exception cref="ReportException">A file is missing or broken; no file of the report has been touched.</exception>
    public static ReportFiles Write(string resultsFolder) => WriteAsync(resultsFolder).GetAwaiter().GetResult();

    /// <summary>Writes the report of <paramref name="resultsFolder"/>.</summary>
    /// <param name="resultsFolder">A folder with <c>findings.json</c>.</param>
    /// <param name="cancellationToken">Checked between the files.</param>
    /// <returns>The paths of the five files.</returns>
    /// <exception cref="ReportException">A file is missing or broken; no file of the report has been touched.</exception>
    public static async Task<ReportFiles> WriteAsync(string resultsFolder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(resultsFolder);

        var report = new Report(ResultsFolder.Read(resultsFolder));
        var html = await HtmlReport.RenderAsync(report).ConfigureAwait(false);
        var files = new ReportFiles(
            Path.Combine(resultsFolder, "report.html"),
            Path.Combine(resultsFolder, "report.md"),
            Path.Combine(resultsFolder, "findings.csv"),
            Path.Combine(resultsFolder, "models.csv"),
            Path.Combine(resultsFolder, "charts.csv"));

        (string Path, string Content)[] contents =
        [
            (files.FindingsCsv, FindingsCsv.Write(report.Results.Findings)),
            (files.ModelsCsv, ModelsCsv.Write(report.Results.Models)),
            (files.ChartsCsv, ChartsCsv.Write(report.Results.Charts)),
            (files.Markdown, MarkdownReport.Write(report)),
            (files.Html, html),
        ];
        foreach (var (path, content) in contents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AtomicFile.WriteAllText(path, content);
        }

        return files;
    }
}
