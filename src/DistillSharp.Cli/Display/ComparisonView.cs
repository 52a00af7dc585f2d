using DistillSharp.Statistics;
using DistillSharp.Studies;
using Spectre.Console;

namespace DistillSharp.Cli.Display;

/// <summary>Two studies' findings beside each other.</summary>
internal static class ComparisonView
{
    public static void Write(IAnsiConsole console, StudyComparison comparison)
    {
        console.WriteLine($"A: {comparison.First.Name} ({comparison.First.Folder})");
        console.WriteLine($"B: {comparison.Second.Name} ({comparison.Second.Folder})");
        if (comparison.Differences.Count > 0)
        {
            Table studies = new Table().Border(TableBorder.Simple).AddColumns("what differs", "A", "B");
            foreach (StudyDifference difference in comparison.Differences)
            {
                studies.AddRow(new Text(difference.Key), new Text(difference.First ?? "-"), new Text(difference.Second ?? "-"));
            }

            console.Write(studies);
        }

        foreach (IGrouping<(string, string?, string), EffectComparison> group in comparison.Effects.GroupBy(e => (e.Analysis, e.Label, e.Measure)))
        {
            EffectComparison first = group.First();
            string label = first.Label is { } given ? $" ({given})" : "";
            console.WriteLine($"{first.Analysis}{label}, {first.Measure}: {first.Title}{(FindingUnit.IsOfShares(first.Unit) ? $", in {FindingUnit.Points}" : "")}");
            Table effects = new Table().Border(TableBorder.Simple).AddColumns("method", "effect in A (95 %)", "effect in B (95 %)", "A - B (95 %)", "paired by", "effect is");
            foreach (EffectComparison effect in group)
            {
                effects.AddRow(
                    new Text(effect.Method),
                    new Text(ResultsView.Effect(effect.First, effect.Unit)),
                    new Text(ResultsView.Effect(effect.Second, effect.Unit)),
                    new Text(ResultsView.Effect(effect.Difference, effect.Unit)),
                    new Text(Basis(effect)),
                    new Text((effect.Direction > 0 ? "larger in A" : effect.Direction < 0 ? "smaller in A" : "not shown to differ") + (effect.Preliminary ? " (preliminary)" : "")));
            }

            console.Write(effects);
        }

        foreach (UncomparedEffect left in comparison.NotCompared)
        {
            console.WriteLine($"Not compared: {left.What}: {left.Reason}");
        }

        foreach (string warning in comparison.Warnings)
        {
            console.WriteLine($"Note: {warning}");
        }
    }

    private static string Basis(EffectComparison effect) => effect.Basis switch
    {
        ComparisonBasis.SeedsAndImages => $"{effect.Seeds.Count} seeds, images",
        ComparisonBasis.Seeds => $"{effect.Seeds.Count} seeds",
        _ => FormattableString.Invariant($"nothing (df {effect.DegreesOfFreedom:0.0})"),
    };
}
