using System.Globalization;
using DistillSharp.Reporting.Presentation;
using DistillSharp.Reporting.Text;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;
using static DistillSharp.Reporting.Text.MarkdownText;

namespace DistillSharp.Reporting;

/// <summary>Two studies' findings beside each other, as Markdown.</summary>
public static class ComparisonMarkdown
{
    /// <summary>Writes a comparison: what the studies differ in, the effects that both have and how they differ, what could not be compared.</summary>
    public static string Write(StudyComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var text = new MarkdownText();
        text.Heading(1, $"{comparison.First.Name} and {comparison.Second.Name}");
        text.Item($"**A**: {Describe(comparison.First)}");
        text.Item($"**B**: {Describe(comparison.Second)}");
        text.End();
        text.Heading(2, "What the studies differ in");
        text.Table(["Key", "A", "B"], comparison.Differences.Select(d => new[] { Escape(d.Key), Escape(d.First ?? Figures.Missing), Escape(d.Second ?? Figures.Missing) }));
        text.Heading(2, "Effects");
        text.Paragraph("An effect is student minus independent student; above 0 is closer to the teacher. Intervals are of 95 %.");
        foreach (var measure in comparison.Effects.GroupBy(e => (e.Analysis, e.Label, e.Measure)))
        {
            EffectComparison first = measure.First();
            text.Heading(3, $"{first.Analysis}{(first.Label is { } label ? $" ({label})" : "")}: {first.Title}");
            text.Table(
                ["Method", "Teacher A", "Teacher B", "Independent A", "Independent B", "Effect A", "Effect B", "A minus B", "Paired by", "Effect is"],
                measure.Select(Row),
                firstNumber: 1);
        }

        Items(text, "Not compared", comparison.NotCompared.Select(n => $"**{Escape(n.What)}**: {Escape(n.Reason)}"));
        Items(text, "Notes", comparison.Warnings.Select(Escape));
        return text.ToString();
    }

    private static string[] Row(EffectComparison effect) =>
    [
        Escape(effect.Method),
        Figures.Level(effect.FirstTeacher, effect.Unit),
        Figures.Level(effect.SecondTeacher, effect.Unit),
        Figures.Level(effect.FirstIndependent, effect.Unit),
        Figures.Level(effect.SecondIndependent, effect.Unit),
        Change(effect.First, effect.Unit),
        Change(effect.Second, effect.Unit),
        Change(effect.Difference, effect.Unit),
        effect.Basis switch
        {
            ComparisonBasis.SeedsAndImages => $"seeds {Figures.Seeds(effect.Seeds)} and images",
            ComparisonBasis.Seeds => $"seeds {Figures.Seeds(effect.Seeds)}",
            _ => string.Create(CultureInfo.InvariantCulture, $"nothing (Welch, {effect.DegreesOfFreedom:0.0} degrees of freedom)"),
        },
        (effect.Direction > 0 ? "larger in A" : effect.Direction < 0 ? "smaller in A" : "not shown to differ") + (effect.Preliminary ? ", preliminary" : ""),
    ];

    private static string Change(Estimate effect, string unit) => Escape(Figures.EffectWithInterval(effect, unit));

    private static string Describe(ComparedStudy study) => $"{Escape(study.Name)}, seeds {Figures.Seeds(study.Seeds)}, in {Escape(study.Folder)}";

    private static void Items(MarkdownText text, string heading, IEnumerable<string> items)
    {
        string[] all = [.. items];
        if (all.Length == 0)
        {
            return;
        }

        text.Heading(2, heading);
        foreach (string item in all)
        {
            text.Item(item);
        }

        text.End();
    }
}
