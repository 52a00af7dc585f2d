namespace DistillSharp.Reporting;

/// <summary>The paths of a written report.</summary>
/// <param name="Html">The self-contained page, with charts and pictures.</param>
/// <param name="Markdown">The same as text.</param>
/// <param name="FindingsCsv">One row a finding, full precision.</param>
/// <param name="ModelsCsv">One row a trained model, full precision.</param>
/// <param name="ChartsCsv">One row a level of a chart by strength, group or domain, full precision.</param>
public sealed record ReportFiles(string Html, string Markdown, string FindingsCsv, string ModelsCsv, string ChartsCsv);
