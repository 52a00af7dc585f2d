using System.Globalization;

namespace DistillSharp.Studies;

/// <summary>Reads the section <c>budget</c>, and the part of it that a teacher replaces.</summary>
internal sealed class BudgetReader(IStudyCatalog catalog, ProblemList problems)
{
    private const int DefaultBatchSize = 64;

    private static readonly string[] Keys = ["epochs", "batch-size", "optimizer", "schedule"];

    /// <summary>The budget of the students.</summary>
    /// <param name="node">The section; null where it is missing, which is reported elsewhere.</param>
    /// <param name="train">How many training images there are; null where that is not known.</param>
    public BudgetDefinition? Read(SourceNode? node, int? train) => node is null ? null : Read(node, train, inherited: null, isPart: false);

    /// <summary>A teacher's budget: the students' budget, with what the teacher replaces.</summary>
    /// <param name="node">What it replaces; null for nothing.</param>
    /// <param name="train">How many training images there are; null where that is not known.</param>
    /// <param name="students">The students' budget; null where it is wrong, and then only the part is checked.</param>
    public BudgetDefinition? ReadPart(SourceNode? node, int? train, BudgetDefinition? students) =>
        node is null ? students : Read(node, train, students, isPart: true);

    private BudgetDefinition? Read(SourceNode node, int? train, BudgetDefinition? inherited, bool isPart)
    {
        if (MappingReader.Open(node, $"the keys {string.Join(", ", Keys)}", problems) is not { } reader)
        {
            return null;
        }

        reader.RefuseOthers(Keys);

        // Of a part whose whole is wrong only what stands there can be checked, and any number serves for the rest.
        bool isOrphan = isPart && inherited is null;
        int? epochs = reader.Integer("epochs", minimum: 1, fallback: isOrphan ? 1 : inherited?.Epochs);
        int? batchSize = reader.Integer("batch-size", minimum: 1, fallback: isOrphan ? 1 : inherited?.BatchSize ?? DefaultBatchSize);
        if (batchSize > train)
        {
            string found = batchSize.Value.ToString(CultureInfo.InvariantCulture);
            string most = train.Value.ToString(CultureInfo.InvariantCulture);
            problems.Add(node.Find("batch-size") ?? node, $"expected a batch of at most {most} images, which is how many are trained on, found {found}.");
            batchSize = null;
        }

        var optimizer = ReadConfigured(node, "optimizer", catalog.Optimizers, isOrphan ? null : catalog.DefaultOptimizer, inherited?.Optimizer);
        var schedule = ReadConfigured(node, "schedule", catalog.Schedules, isOrphan ? null : catalog.DefaultSchedule, inherited?.Schedule);
        bool complete = epochs is not null && batchSize is not null && optimizer?.Options.Values is not null && schedule?.Options.Values is not null;
        if (!complete || isOrphan)
        {
            return null;
        }

        return new BudgetDefinition(
            epochs!.Value,
            batchSize!.Value,
            new OptimizerDefinition(optimizer!.Value.Name, optimizer.Value.Options.Values!),
            new ScheduleDefinition(schedule!.Value.Name, schedule.Value.Options.Values!));
    }

    private (string Name, ReadOptions Options)? ReadConfigured(
        SourceNode budget, string kind, IReadOnlyList<CatalogEntry> entries, string? defaultName, ConfiguredDefinition? inherited)
    {
        SourceNode? node = budget.Find(kind);
        if ((inherited?.Name ?? defaultName) is not { } fallback)
        {
            // Options that name no optimiser belong to one that is not known here.
            if (node is null || (node.Kind == SourceKind.Mapping && node.Find("name") is null))
            {
                return null;
            }

            fallback = "";
        }

        NamedEntry? named = node is null
            ? NamedEntryReader.Find(fallback, budget, kind, entries, problems) is { } entry ? new NamedEntry(entry, budget, null) : null
            : NamedEntryReader.ReadValue(node, kind, entries, fallback, problems);
        if (named is null)
        {
            return null;
        }

        // Another optimiser's options mean other things, so only those of the same one are taken over.
        var baseline = named.Entry.Name == inherited?.Name ? inherited.Options : null;
        return (named.Entry.Name, OptionsReader.Read(named.Options, node ?? budget, named.Entry.Options, NamedEntryReader.NameKey, problems, baseline));
    }
}
