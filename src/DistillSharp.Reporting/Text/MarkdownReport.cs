using DistillSharp.Reporting.Presentation;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using static DistillSharp.Reporting.Text.MarkdownText;

namespace DistillSharp.Reporting.Text;

/// <summary>Says in Markdown what the page says: verdicts first, then what they rest on.</summary>
internal static class MarkdownReport
{
    public static string Write(Report report)
    {
        var text = new MarkdownText();
        WriteHeader(text, report);
        WriteControls(text, report.Results.Audit);
        WriteVerdicts(text, report.Heading, report.Analyses);
        WriteLegend(text);
        WriteFindings(text, report.Analyses);
        if (report.HasNotes)
        {
            WriteNotes(text, report.Analyses);
        }

        WriteModels(text, report.Models);
        WriteCharts(text, report);
        WritePictures(text, report.Results.Pictures);
        WriteEnd(text, report.Results);
        return text.ToString();
    }

    private static void WriteHeader(MarkdownText text, Report report)
    {
        text.Heading(1, report.Results.Study);
        text.Paragraph(Escape(report.Results.Description));
        text.Paragraph(Escape(report.Results.Data));
        if (report.Preliminary.Length > 0)
        {
            text.Paragraph($"> {Escape(report.Preliminary)}");
        }
    }

    private static void WriteControls(MarkdownText text, AuditSummary? audit)
    {
        if (audit is null)
        {
            return;
        }

        text.Heading(2, "Controls");
        text.Table(
            ["Control", "At hand", "What it leaves open"],
            audit.Controls.Select(control => new[]
            {
                Escape(control.Name),
                $"{(control.AtHand ? "●" : "○")} {Escape(control.Found)}",
                control.LeavesOpen.Length == 0 ? Figures.Missing : Escape(control.LeavesOpen),
            }));
        foreach (var warning in audit.Warnings)
        {
            text.Paragraph($"> {Escape(warning)}");
        }

        foreach (var omission in audit.NotAsked)
        {
            text.Item($"**Not asked: {Escape(omission.Analysis)}**. {Escape(omission.Reason)}");
        }

        if (audit.NotAsked.Count > 0)
        {
            text.End();
        }
    }

    private static void WriteVerdicts(MarkdownText text, string heading, IReadOnlyList<AnalysisGroup> analyses)
    {
        text.Heading(2, heading);
        if (analyses.Count == 0)
        {
            text.Paragraph("The study asked for no analysis, so there is nothing to find. The models it trained are below.");
        }

        foreach (var analysis in analyses)
        {
            text.Heading(3, analysis.Name);
            foreach (var measure in analysis.Measures)
            {
                text.Paragraph($"**{Escape(measure.Question)}** {Escape(measure.Title)}.");
                text.Table(
                    ["Method", "Verdict", "Effect", "Why"],
                    measure.Findings.Select(finding => new[]
                    {
                        Escape(finding.Method),
                        VerdictOf(finding),
                        Escape(Figures.EffectWithInterval(finding.Effect, finding.Unit)),
                        Escape(finding.Reason),
                    }));
            }
        }
    }

    private static void WriteLegend(MarkdownText text)
    {
        text.Heading(2, "How to read this");
        foreach (var verdict in VerdictWord.All)
        {
            text.Item($"{verdict.Sign} **{verdict.Name}**: {Escape(verdict.Meaning)}");
        }

        text.Item($"**Preliminary**: {Escape(VerdictWord.PreliminaryMeaning)}");
        text.End();
    }

    private static void WriteFindings(MarkdownText text, IReadOnlyList<AnalysisGroup> analyses)
    {
        if (analyses.Count == 0)
        {
            return;
        }

        text.Heading(2, "Findings in full");
        foreach (var measure in analyses.SelectMany(analysis => analysis.Measures))
        {
            text.Heading(3, measure.Title);
            text.Paragraph(Escape(measure.Reading));
            text.Table(
                ["Method", "Verdict", "Seeds", "Teacher", "Independent", "Null", "Student", "Other teacher", "Effect", "Own minus other", "Images"],
                measure.Findings.Select(FindingRow),
                firstNumber: 3);
        }
    }

    private static string[] FindingRow(Finding finding) =>
    [
        Escape(finding.Method),
        VerdictOf(finding),
        Figures.Seeds(finding.Seeds),
        Figures.Level(finding.Teacher, finding.Unit),
        Level(finding.Independent, finding.Unit),
        Effect(finding.Null, finding.Unit),
        Level(finding.Student, finding.Unit),
        Level(finding.OtherTeacher, finding.Unit),
        Effect(finding.Effect, finding.Unit),
        Effect(finding.OwnMinusOther, finding.Unit),
        Figures.Count(finding.Images),
    ];

    private static void WriteNotes(MarkdownText text, IReadOnlyList<AnalysisGroup> analyses)
    {
        text.Heading(2, "Notes");
        foreach (var measure in analyses.SelectMany(analysis => analysis.Measures))
        {
            var notes = Report.NotesOf(measure);
            if (notes.Count == 0)
            {
                continue;
            }

            text.Heading(3, measure.Title);
            foreach (var (methods, note) in notes)
            {
                text.Item($"**{Escape(methods)}**: {Escape(note)}");
            }

            text.End();
        }
    }

    private static void WriteModels(MarkdownText text, IReadOnlyList<ModelGroup> groups)
    {
        text.Heading(2, "Models");
        text.Table(
            ["Model", "Architecture", "Seed", "Parameters", "Accuracy", "NLL (nats)", "ECE", "Train accuracy", "Training time"],
            groups.SelectMany(group => group.Models.Select(model => ModelRow(group, model)).Prepend(MeanRow(group))),
            firstNumber: 3);
    }

    private static string[] MeanRow(ModelGroup group) =>
    [
        $"**{Escape(group.Name)}**",
        Escape(group.Architecture),
        "mean",
        Figures.Count(group.Parameters),
        Figures.Level(group.Mean(model => model.TestAccuracy), FindingUnit.Share),
        Figures.Nats(group.Mean(model => model.TestNll)),
        Figures.Level(group.Mean(model => model.TestEce), FindingUnit.Share),
        Figures.Level(group.Mean(model => model.TrainAccuracy), FindingUnit.Share),
        Figures.Duration(group.Mean(model => model.TrainSeconds)),
    ];

    private static string[] ModelRow(ModelGroup group, ModelResult model) =>
    [
        Escape(group.Name),
        Escape(model.Architecture),
        Figures.Seeds([model.Seed]),
        Figures.Count(model.Parameters),
        Figures.Level(model.TestAccuracy, FindingUnit.Share),
        Figures.Nats(model.TestNll),
        Figures.Level(model.TestEce, FindingUnit.Share),
        Figures.Level(model.TrainAccuracy, FindingUnit.Share),
        Figures.Duration(model.TrainSeconds),
    ];

    private static void WriteCharts(MarkdownText text, Report report)
    {
        List<ChartGroup> groups = [.. report.Analyses.SelectMany(analysis => analysis.Charts)];
        if (groups.Count == 0)
        {
            return;
        }

        text.Heading(2, "Levels by strength, group and domain");
        foreach (var group in groups)
        {
            text.Heading(3, group.Title);
            text.Paragraph($"{Escape(group.Chart.Explanation)} {Escape(group.Reading)}");
            text.Table(
                [Escape(group.Chart.PlaceTitle), .. group.Chart.Places.Select(Escape)],
                group.Chart.Series.Select(series => (string[])[Escape(report.Palette.Of(series).Name), .. series.Levels.Select(level => Escape(group.Level(level)))]),
                firstNumber: 1);
        }
    }

    private static void WritePictures(MarkdownText text, IReadOnlyList<PictureTable> tables)
    {
        if (tables.Count == 0)
        {
            return;
        }

        text.Heading(2, "Pictures");
        foreach (var table in tables)
        {
            text.Heading(3, FindingGroups.Labelled(table.Title, table.Label));
            text.Paragraph(Escape(table.Explanation));
            text.Table(
                ["Example", .. table.Columns.Select(Escape)],
                table.Rows.Select(row => (string[])
                [
                    Escape(row.Label),
                    .. row.Cells.Select(cell => $"{Picture(cell.Path, cell.Caption)} {Escape(cell.Caption)}"),
                ]));
        }
    }

    private static void WriteEnd(MarkdownText text, StudyResults results)
    {
        if (results.Audit is { } audit)
        {
            text.Heading(2, "Files");
            text.Table(
                ["Model", "Network", "File", "SHA-256", "Input normalised by"],
                audit.Files.Select(file => new[] { Escape(file.Model), Escape(file.Network), Escape(file.Path), file.Sha256, Escape(file.Normalization) }));
        }

        text.Heading(2, "Environment");
        text.Table(
            ["Name", "Value"],
            results.Environment.Entries.Select(entry => new[] { Escape(entry.Name), Escape(entry.Value) }));
        text.Heading(2, "How to repeat");
        text.Code(results.Command);
        text.Paragraph($"Last measurement written {Escape(results.FinishedUtc)}.");
    }

    private static string VerdictOf(Finding finding)
    {
        var word = VerdictWord.Of(finding.Verdict);
        return $"{word.Sign} {word.Name}{(finding.Preliminary ? ", preliminary" : "")}";
    }

    private static string Level(Estimate? level, string unit) =>
        WithInterval(Figures.Level(level?.Mean, unit), Figures.LevelInterval(level, unit));

    private static string Effect(Estimate? effect, string unit) =>
        WithInterval(Figures.Effect(effect?.Mean, unit), Figures.EffectInterval(effect, unit));

    private static string WithInterval(string mean, string interval) =>
        interval == Figures.Missing ? mean : $"{mean} {Escape(interval)}";
}
